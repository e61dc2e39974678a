import { spec, names, type Name } from '../../../spec/index.ts';
import { tensor, type FloatDtype } from '../../../spec/tensor.ts';
import { mapLeaves } from '../../../spec/leaves.ts';
import { optionOf, shapeOf } from '../../../spec/schema.ts';
import { references } from '../../../reference/index.ts';
import { Uncertified } from '../../../reference/evaluate.ts';
import { isRendered, render } from '../../../reference/render.ts';
import type { Answer, Implementation, Offer } from '../../interface/implementation.ts';

/** Every option of a component with all of its values. */
export const optionsOf = (name: Name): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(shapeOf(spec[name].input)).flatMap(([field, schema]) => {
      const values = optionOf(schema);
      return values === undefined ? [] : [[field, values]];
    }),
  );

/** The exact answer, rounded once to the storage format. */
export function correctlyRounded<N extends Name>(
  name: N,
  input: object,
  storage: FloatDtype,
): Answer {
  const parsed = spec[name].input.safeParse(input);
  if (!parsed.success) return { reject: parsed.error.issues[0]?.message ?? 'invalid' };
  const found = render(references[name], parsed.data, (arithmetic, value) =>
    arithmetic.round(value, storage),
  );
  const entries = [...found].map(([field, value]) => [
    field,
    mapLeaves(value, isRendered, ({ shape, values }) => tensor(storage, shape, values.map(Number))),
  ]);
  return { output: Object.fromEntries(entries) };
}

/** It finds everything, in a time that trials of many hundred vectors do not have: nothing is to be learnt from them. */
const exactAlready = { recall: 0 };

/** The reference itself as an implementation: what every law must hold for. */
export function referenceImplementation(storage: FloatDtype = 'float32'): Implementation {
  const offers = new Map<Name, Offer>(
    names.map((name) => [
      name,
      {
        numerics: { storage, accumulate: storage },
        options: optionsOf(name),
        limits: {},
        promises: exactAlready,
      },
    ]),
  );
  return {
    name: 'reference',
    version: '1',
    offers,
    run: async (name, input) => {
      try {
        return correctlyRounded(name, input, storage);
      } catch (error) {
        if (error instanceof Uncertified) return { unsupported: error.message };
        throw error;
      }
    },
    close: async () => {},
  };
}
