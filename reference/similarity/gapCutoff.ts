import { gapCutoff as spec } from '../../spec/similarity/gapCutoff.ts';
import { reference } from '../reference.ts';

export const gapCutoff = reference(
  spec,
  ({ compare, from, subtract }, { scores: { data }, gap }) => {
    const cut = data
      .slice(1)
      .findIndex((next, i) => compare(subtract(data[i] ?? next, next), from(gap)) > 0);
    return { count: cut < 0 ? data.length : cut + 1 };
  },
);
