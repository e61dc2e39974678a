import { inside, named, type Arithmetic } from '../../spec/arithmetic.ts';
import { isIgnored, type Labels } from '../../spec/training/tokens.ts';
import { rowsOf, type Grid } from '../../spec/tensor.ts';

/**
 * −Σ_j q_j log softmax(x)_j for q = (1 − s) · one-hot + s/V, made of log Σ e^(x_i − m) + (m − x_j). What has no share is left out, so that
 * an impossible token costs nothing where its share is 0.
 */
function tokenLoss<N>(
  arithmetic: Arithmetic<N>,
  row: readonly N[],
  target: number,
  smoothing: number,
): N {
  const { add, divide, exp, from, log, max, multiply, negate, subtract, sum } = arithmetic;
  const shift = named(arithmetic, 'max x', max(row));
  const distances = row.map((x) => subtract(shift, x));
  const weights = distances.map((distance) => exp(negate(distance)));
  named(arithmetic, 'e^(x_j − max x)', weights);
  const logTotal = named(arithmetic, 'log Σ_j e^(x_j − max x)', log(sum(weights)));
  const losses = distances.map((distance) => add(logTotal, distance));
  named(arithmetic, '−log softmax(x)_j', losses);
  const own = losses[target] ?? from(NaN);
  if (smoothing === 0) return own;
  const even = divide(sum(losses), from(row.length));
  if (smoothing === 1) return even;
  const share = from(smoothing);
  return add(multiply(subtract(from(1), share), own), multiply(share, even));
}

/** The loss of each token in nats; nothing for one that is ignored, whatever its logits are. */
export const tokenLosses = <N>(
  arithmetic: Arithmetic<N>,
  { logits, ...labels }: Labels & { readonly logits: Grid<N> },
  smoothing: number,
): readonly (N | undefined)[] =>
  rowsOf(logits).map((row, i) =>
    isIgnored(labels, i)
      ? undefined
      : inside(arithmetic, 'token', i, () => {
          const loss = tokenLoss(arithmetic, row, labels.targets.data[i] ?? NaN, smoothing);
          return named(arithmetic, 'ℓ_i', loss);
        }),
  );

/** The mean over the tokens that count; NaN where there is none. */
export function meanLoss<N>(
  { divide, from, sum }: Arithmetic<N>,
  losses: readonly (N | undefined)[],
): N {
  const counted = losses.filter((loss) => loss !== undefined);
  return divide(sum(counted), from(counted.length));
}
