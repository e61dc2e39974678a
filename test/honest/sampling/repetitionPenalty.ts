import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';

/** A sound penalty on any machine: quotients, or products with a reciprocal where sums are taken in lanes. */
export const repetitionPenalty =
  ({ round, store, machine }: Unit): Kernel<'repetitionPenalty'> =>
  ({ logits, seen, penalty }) => {
    const own = round(penalty);
    const tokens = new Set(seen.data);
    const divided = (x: number): number =>
      typeof machine.order === 'string' ? round(x / own) : round(x * round(1 / own));
    return {
      logits: store(
        logits.shape,
        Array.from(logits.data, (x, j) =>
          tokens.has(j) ? (x > 0 ? divided(x) : round(x * own)) : x,
        ),
      ),
    };
  };
