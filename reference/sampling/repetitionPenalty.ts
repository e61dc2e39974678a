import { repetitionPenalty as spec } from '../../spec/sampling/repetitionPenalty.ts';
import { reference } from '../reference.ts';

export const repetitionPenalty = reference(
  spec,
  ({ compare, divide, from, multiply }, { logits, seen, penalty }) => {
    const distinct = new Set(seen.data);
    const factor = from(penalty);
    return {
      logits: {
        shape: logits.shape,
        data: logits.data.map((logit, j) => {
          if (!distinct.has(j)) return logit;
          return compare(logit, from(0)) > 0 ? divide(logit, factor) : multiply(logit, factor);
        }),
      },
    };
  },
);
