import type { Tensor } from './tensor.ts';

/** 'minimum holds Infinity', of the first of these that is not finite everywhere. */
export function notFinite(fields: Readonly<Record<string, Tensor>>): string | undefined {
  for (const [field, { data }] of Object.entries(fields))
    for (let i = 0; i < data.length; i += 1)
      if (!Number.isFinite(data[i])) return `${field} holds ${data[i]}`;
  return undefined;
}
