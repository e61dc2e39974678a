import { kept, type Arithmetic } from '../../../spec/arithmetic.ts';
import { shareErrors, tokenGradientErrors } from '../../../spec/bounds/trainingParts.ts';
import { countedIn, isIgnored, type Labels } from '../../../spec/training/tokens.ts';
import { rowsOf, type Grid } from '../../../spec/tensor.ts';
import { exponentials } from '../../attention/attend.ts';
import { mapRows } from '../../reference.ts';

/** softmax of one row of computed logits. */
function probabilitiesOf<N>(arithmetic: Arithmetic<N>, row: readonly N[]): readonly N[] {
  const { divide, max, subtract, sum } = arithmetic;
  const shift = max(row);
  const weights = exponentials(
    arithmetic,
    row.map((x) => subtract(x, shift)),
  );
  const total = sum(weights);
  const shares = weights.map((weight) => divide(weight, total));
  return kept(arithmetic, shares, shareErrors(shares, row));
}

/** (softmax(x) − one-hot) / n of every row that counts, 0 of the others: the gradient of a mean cross-entropy, of computed logits. */
export function lossBackward<N>(
  arithmetic: Arithmetic<N>,
  logits: Grid<N>,
  labels: Labels,
): Grid<N> {
  const { divide, from, subtract } = arithmetic;
  const count = countedIn(labels).length;
  const [zero, one, many] = [from(0), from(1), from(count)];
  const probabilities = rowsOf(logits).map((row, i) =>
    isIgnored(labels, i) ? [] : probabilitiesOf(arithmetic, row),
  );
  return mapRows(logits, (row, i) => {
    const shares = probabilities[i] ?? [];
    if (isIgnored(labels, i)) return row.map(() => zero);
    const values = shares.map((p, j) =>
      divide(subtract(p, j === labels.targets.data[i] ? one : zero), many),
    );
    return kept(arithmetic, values, tokenGradientErrors(shares, count));
  });
}
