import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import { show } from '../schema.ts';

/** Another input, and what its output must be, made from the output for the first. */
interface Relation<R, O> {
  readonly input: R;
  readonly output: (before: O) => O;
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
};

/** The law that a changed input has exactly the changed output. */
export const exactly =
  <I, R, O>(relate: (input: I) => Relation<R, O> | undefined): Law<I, I | R, O> =>
  async (input, run) => {
    const relation = relate(input);
    if (relation === undefined) return inapplicable;
    const { output: before } = await run(input);
    const { output: after } = await run(relation.input);
    const [expected, actual] = [sorted(relation.output(before)), sorted(after)];
    return JSON.stringify(expected) === JSON.stringify(actual)
      ? undefined
      : `expected ${show(expected)}, got ${show(actual)}`;
  };
