import { greatestOf } from '../../spec/extremes.ts';
import type { Sized } from '../../spec/sized.ts';

type Lengths = Readonly<Record<string, number>>;

/** A source of choices: the same ones for the same seed. */
export type Choose = <T>(values: readonly T[]) => T | undefined;

/** The names of the axes that can be large. */
export const largeAxes = ({ axes }: Sized<unknown>): readonly string[] =>
  Object.entries(axes)
    .filter(([, { large }]) => large.length > 0)
    .map(([axis]) => axis);

/** A length of every axis; a small one, where it has any. */
const smallOnes = ({ axes }: Sized<unknown>, choose: Choose): Lengths =>
  Object.fromEntries(
    Object.entries(axes).map(([axis, { small, large }]) => [axis, choose(small) ?? large[0] ?? 1]),
  );

/** The large lengths of an axis that a case beside these others can afford, in their order. */
const affordable = (
  sized: Sized<unknown>,
  lengths: Lengths,
  axis: string,
  { cost, most }: Limits,
): readonly number[] =>
  (sized.axes[axis]?.large ?? []).filter((length) => cost({ ...lengths, [axis]: length }) <= most);

export interface Limits {
  readonly cost: (lengths: Lengths) => number;
  /** Of one case. */
  readonly most: number;
}

/** One or two axes large, the rest small: what the budget of a case can afford. */
export function drawnLengths(sized: Sized<unknown>, choose: Choose, limits: Limits): Lengths {
  let lengths = smallOnes(sized, choose);
  const axes = largeAxes(sized);
  const first = choose(axes);
  const second = choose([undefined, ...axes]);
  for (const axis of [first, second]) {
    if (axis === undefined) continue;
    const length = choose(affordable(sized, lengths, axis, limits));
    if (length !== undefined) lengths = { ...lengths, [axis]: length };
  }
  return lengths;
}

/** One axis as large as a case can afford beside the smallest of the others, and these one larger, one after another, where that is affordable still: a row of one element, or one query, shows little. */
export function greatestLengths(sized: Sized<unknown>, axis: string, limits: Limits): Lengths {
  const least = smallOnes(sized, ([first]) => first);
  const far = affordable(sized, least, axis, limits);
  let lengths = far.length === 0 ? least : { ...least, [axis]: greatestOf(far) };
  for (const other of largeAxes(sized)) {
    const second = sized.axes[other]?.small[1];
    if (other === axis || second === undefined) continue;
    const more = { ...lengths, [other]: second };
    if (limits.cost(more) <= limits.most) lengths = more;
  }
  return lengths;
}
