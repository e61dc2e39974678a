import type { Printed } from '../../spec/component.ts';
import type { Explanation, Held } from './explanation.ts';

/** What a text prints beside what is exact. */
export interface Compared {
  readonly of: string;
  /** Whether the text has the exact values, rounded to as many places as it prints. */
  readonly agrees: boolean;
  readonly printed: readonly string[];
  readonly exact: readonly string[];
}

/** Half a unit in the last place that is printed, with room for the rounding of this comparison. */
const halfUnit = (printed: string): number =>
  0.5 * 10 ** -(printed.split('.')[1] ?? '').length * (1 + 1e-9);

interface Exact {
  readonly digits: string;
  readonly near: number;
}

const plainNumbers = (held: Held): readonly Exact[] =>
  held.kind !== 'plain'
    ? []
    : [held.value]
        .flat()
        .filter((value) => typeof value === 'number')
        .map((near) => ({ digits: String(near), near }));

/** The values of a step or an output by its name, in order; those of equal steps one after another. */
function valuesOf({ steps, output }: Explanation, name: string): readonly Exact[] {
  const entries = steps
    .filter((step) => step.name === name)
    .flatMap(({ held }): readonly Exact[] => {
      if (held.kind === 'rows') return held.rows.flat();
      if (held.kind === 'number') return [held.entry];
      return held.kind === 'list' ? held.entries : plainNumbers(held);
    });
  if (entries.length > 0) return entries;
  return output.flatMap((field) =>
    field.path === name && 'tensor' in field
      ? field.tensor.digits.map((digits, i) => ({ digits, near: field.tensor.near[i] ?? NaN }))
      : [],
  );
}

/**
 * Puts what a text prints beside what is exact: the first values, where it prints no more.
 *
 * @throws RangeError where the example has no such values, or fewer
 */
export function compared(
  explanation: Explanation,
  printed: readonly Printed[],
): readonly Compared[] {
  return printed.map(({ of, values }) => {
    const exact = valuesOf(explanation, of);
    if (exact.length < values.length)
      throw new RangeError(`printed ${of}: expected ${exact.length} values, got ${values.length}`);
    const agrees = values.every((text, i) => {
      const off = Math.abs(Number(text) - (exact[i]?.near ?? NaN));
      return off <= halfUnit(text);
    });
    return {
      of,
      agrees,
      printed: values,
      exact: exact.slice(0, values.length).map(({ digits }) => digits),
    };
  });
}
