import { greatestOf } from '../../spec/extremes.ts';
import type { ModelSizes } from '../../spec/models/config.ts';
import type { EncoderLayerWeights, GptWeights, NormWeights } from '../../spec/models/weights.ts';
import type { FloatTensor } from '../../spec/tensor.ts';
import { erf } from '../honest/errorFunction.ts';

type Row = Float64Array;

/** What is done to every result, which is the sum of so many terms. */
export type Disturbance = (row: Row, terms: number) => void;

interface Making extends Pick<ModelSizes, 'heads'> {
  readonly epsilon: number;
  readonly disturb: Disturbance;
}

/** x W + b. */
function linear(x: Row, weight: FloatTensor, bias: FloatTensor | undefined, making: Making): Row {
  const outputs = weight.shape[1] ?? 0;
  const y = new Float64Array(outputs);
  for (const [i, factor] of x.entries()) {
    const start = i * outputs;
    for (let o = 0; o < outputs; o += 1)
      y[o] = (y[o] ?? NaN) + factor * (weight.data[start + o] ?? NaN);
  }
  if (bias !== undefined) y.forEach((value, o) => (y[o] = value + (bias.data[o] ?? NaN)));
  making.disturb(y, x.length);
  return y;
}

function norm(x: Row, { gain, bias }: NormWeights, { epsilon, disturb }: Making): Row {
  const mean = x.reduce((total, value) => total + value, 0) / x.length;
  const variance = x.reduce((total, value) => total + (value - mean) ** 2, 0) / x.length;
  const scale = 1 / Math.sqrt(variance + epsilon);
  const y = x.map(
    (value, i) => (value - mean) * scale * (gain.data[i] ?? NaN) + (bias.data[i] ?? NaN),
  );
  disturb(y, 8);
  return y;
}

function sum(x: Row, y: Row, { disturb }: Making): Row {
  const total = x.map((value, i) => value + (y[i] ?? NaN));
  disturb(total, 1);
  return total;
}

/** Σ over so many places from one on. */
const dot = (a: Row, b: Row, from: number, count: number): number => {
  let total = 0;
  for (let i = from; i < from + count; i += 1) total += (a[i] ?? NaN) * (b[i] ?? NaN);
  return total;
};

/** What one head of a token makes of the tokens up to it, put into its place of the row. */
function attend(
  query: Row,
  keys: readonly Row[],
  values: readonly Row[],
  from: number,
  y: Row,
  making: Making,
): void {
  const width = query.length / making.heads;
  const scores = Float64Array.from(keys, (key) => dot(query, key, from, width) / Math.sqrt(width));
  making.disturb(scores, width);
  const greatest = greatestOf(scores);
  const weights = scores.map((score) => Math.exp(score - greatest));
  making.disturb(weights, keys.length);
  const total = weights.reduce((all, weight) => all + weight, 0);
  for (let c = from; c < from + width; c += 1)
    y[c] =
      values.reduce((all, value, j) => all + (weights[j] ?? NaN) * (value[c] ?? NaN), 0) / total;
}

function layer(rows: readonly Row[], weights: EncoderLayerWeights, making: Making): readonly Row[] {
  const { attention, feedForward } = weights;
  const normal = rows.map((x) => norm(x, weights.attentionNorm, making));
  const [queries, keys, values] = [
    normal.map((x) => linear(x, attention.queryWeight, attention.queryBias, making)),
    normal.map((x) => linear(x, attention.keyWeight, attention.keyBias, making)),
    normal.map((x) => linear(x, attention.valueWeight, attention.valueBias, making)),
  ];
  return rows.map((x, t) => {
    const merged = new Float64Array(x.length);
    const query = queries[t] ?? merged;
    for (let head = 0; head < making.heads; head += 1)
      attend(
        query,
        keys.slice(0, t + 1),
        values.slice(0, t + 1),
        (head * x.length) / making.heads,
        merged,
        making,
      );
    making.disturb(merged, t + 1);
    const seen = sum(
      x,
      linear(merged, attention.outputWeight, attention.outputBias, making),
      making,
    );
    const wide = linear(
      norm(seen, weights.feedForwardNorm, making),
      feedForward.weight1,
      feedForward.bias1,
      making,
    );
    const active = wide.map((value) => (value / 2) * (1 + erf(value * Math.SQRT1_2)));
    making.disturb(active, 8);
    return sum(seen, linear(active, feedForward.weight2, feedForward.bias2, making), making);
  });
}

const rowOf = ({ data, shape: [, width = 0] }: FloatTensor, row: number): Row =>
  Float64Array.from(data.slice(row * width, (row + 1) * width));

/** The logits of one sequence in plain doubles, disturbed on the way or not. */
export function plainGpt(
  ids: readonly number[],
  { tokenTable, positionTable, layers, norm: last }: GptWeights,
  making: Making,
): readonly Row[] {
  const embedded = ids.map((id, t) => sum(rowOf(tokenTable, id), rowOf(positionTable, t), making));
  const hidden = layers.reduce<readonly Row[]>(
    (rows, weights) => layer(rows, weights, making),
    embedded,
  );
  const [vocabulary = 0, width = 0] = tokenTable.shape;
  return hidden.map((row) => {
    const x = norm(row, last, making);
    const logits = new Float64Array(vocabulary);
    for (let v = 0; v < vocabulary; v += 1) {
      let total = 0;
      for (let d = 0; d < width; d += 1)
        total += (x[d] ?? NaN) * (tokenTable.data[v * width + d] ?? NaN);
      logits[v] = total;
    }
    making.disturb(logits, width);
    return logits;
  });
}
