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

/** One axis as large as a case can afford, the others small: as small as they get but one, where that is as far. A row of one element, or one key, shows little. */
export function greatestLengths(sized: Sized<unknown>, axis: string, limits: Limits): Lengths {
  const least = reaching(sized, axis, limits, ([first]) => first);
  const more = reaching(sized, axis, limits, ([first, second]) => second ?? first);
  const isAsFar = (more[axis] ?? 0) >= (least[axis] ?? 0) && limits.cost(more) <= limits.most;
  return isAsFar ? more : least;
}

/** One axis as large as a case can afford beside others that are chosen. */
function reaching(sized: Sized<unknown>, axis: string, limits: Limits, choose: Choose): Lengths {
  const others = smallOnes(sized, choose);
  const lengths = affordable(sized, others, axis, limits);
  return lengths.length === 0 ? others : { ...others, [axis]: greatestOf(lengths) };
}
