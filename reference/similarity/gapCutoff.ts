import { told } from '../../spec/arithmetic.ts';
import { gapCutoff as spec } from '../../spec/similarity/gapCutoff.ts';
import { reference } from '../reference.ts';

export const gapCutoff = reference(spec, (arithmetic, { scores: { data }, gap }) => {
  const { compare, from, subtract } = arithmetic;
  told(arithmetic, 's_i − s_(i+1)', () =>
    data.slice(1).map((next, i) => subtract(data[i] ?? next, next)),
  );
  const cut = data
    .slice(1)
    .findIndex((next, i) => compare(subtract(data[i] ?? next, next), from(gap)) > 0);
  return { count: cut < 0 ? data.length : cut + 1 };
});
