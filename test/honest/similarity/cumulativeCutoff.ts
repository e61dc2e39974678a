import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';

type Form = (unit: Unit, values: readonly number[], mass: number) => number;

/** Where a running sum reaches a border, or the end. */
const reached = ({ round }: Unit, values: readonly number[], border: number): number => {
  let total = 0;
  const last = values.findIndex((x) => (total = round(total + x)) >= border);
  return last < 0 ? values.length : last + 1;
};

/** Adds up the shares. */
const byShares: Form = (unit, values, mass) => {
  const total = unit.sum(values);
  return reached(
    unit,
    values.map((x) => unit.round(x / total)),
    unit.round(mass),
  );
};

/** Adds up the scores to the share of their sum. */
const byBorder: Form = (unit, values, mass) =>
  reached(unit, values, unit.round(unit.round(mass) * unit.sum(values)));

/** Leaves out from the end what has at most the rest of the mass. */
const fromTheEnd: Form = (unit, values, mass) => {
  const { round } = unit;
  const total = unit.sum(values);
  const rest = round(1 - round(mass));
  let left = 0;
  const out = values.toReversed().findIndex((x) => (left = round(left + round(x / total))) > rest);
  return Math.max(1, out < 0 ? 1 : values.length - out);
};

/** The three usual forms, one for each kind of machine. */
export const cumulativeCutoff =
  (unit: Unit): Kernel<'cumulativeCutoff'> =>
  ({ scores, mass }) => {
    const values = Array.from(scores.data);
    const { order } = unit.machine;
    const form = order === 'sequential' ? byShares : order === 'pairwise' ? byBorder : fromTheEnd;
    return { count: values.length === 0 ? 0 : form(unit, values, mass) };
  };
