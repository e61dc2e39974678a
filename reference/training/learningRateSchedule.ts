import type { Arithmetic } from '../../spec/arithmetic.ts';
import { learningRateSchedule as spec } from '../../spec/training/learningRateSchedule.ts';
import { reference } from '../reference.ts';

interface Constants {
  readonly step: number;
  readonly width: number;
  readonly warmup: number;
  readonly peak: number;
  readonly final: number;
  readonly total: number;
}

/** min(1/√(width t), t/√(width warmup³)): one root each, so that it is exact where its square is one. */
function noam<N>(arithmetic: Arithmetic<N>, { step, width, warmup }: Constants): N {
  const { divide, from, max, multiply, negate, sqrt } = arithmetic;
  const product = (factors: readonly number[]): N => factors.map(from).reduce(multiply);
  const falling = divide(from(1), sqrt(product([width, step])));
  const rising = divide(from(step), sqrt(product([width, warmup, warmup, warmup])));
  return negate(max([negate(falling), negate(rising)]));
}

/** cos(π over/under) for 0 ≤ over ≤ under. By Niven's theorem these are the only rational ones: no precision would show them to be. */
function cosineOf<N>(arithmetic: Arithmetic<N>, over: number, under: number): N {
  const { cos, divide, from, multiply, pi } = arithmetic;
  if (2 * over === under) return from(0);
  if (3 * over === under) return from(0.5);
  if (3 * over === 2 * under) return from(-0.5);
  return cos(divide(multiply(pi(), from(over)), from(under)));
}

/** The rate of a step from the peak on. Products come before quotients: these are then exact where they can be. */
function declining<N>(
  arithmetic: Arithmetic<N>,
  kind: 'cosine' | 'linear',
  { step, warmup, peak, final, total }: Constants,
): N {
  const { add, divide, from, multiply, subtract } = arithmetic;
  if (step >= total) return from(final);
  const span = subtract(from(peak), from(final));
  const [over, under] = [step - warmup, total - warmup];
  const fall =
    kind === 'linear'
      ? divide(multiply(span, from(under - over)), from(under))
      : divide(multiply(span, add(from(1), cosineOf(arithmetic, over, under))), from(2));
  return add(from(final), fall);
}

export const learningRateSchedule = reference(spec, (arithmetic, input) => {
  const { divide, from, multiply } = arithmetic;
  const { kind, step, width = NaN, warmup = 0, peak = NaN, final = 0, total = NaN } = input;
  const constants = { step, width, warmup, peak, final, total };
  const rate = () => {
    if (kind === 'noam') return noam(arithmetic, constants);
    if (step < warmup) return divide(multiply(from(peak), from(step)), from(warmup));
    return declining(arithmetic, kind, constants);
  };
  return { learningRate: { shape: [], data: [rate()] } };
});
