import { rangeOf, readAll, type Arithmetic } from '../arithmetic.ts';
import { meanErrors, scaleOf, scoreWeights, type Scale } from '../bounds/attention.ts';
import {
  dotOfApproximate,
  projectErrors,
  projectStored,
  type Approximate,
} from '../bounds/projected.ts';
import type { Rounding } from '../numerics.ts';
import { columnsOf, rowsOf, type BooleanTensor, type FloatTensor } from '../tensor.ts';
import { allowedBy } from './allowed.ts';

export interface MultiHeadInput {
  readonly input: FloatTensor;
  readonly memory?: FloatTensor | undefined;
  readonly queryWeight: FloatTensor;
  readonly keyWeight: FloatTensor;
  readonly valueWeight: FloatTensor;
  readonly outputWeight: FloatTensor;
  readonly queryBias?: FloatTensor | undefined;
  readonly keyBias?: FloatTensor | undefined;
  readonly valueBias?: FloatTensor | undefined;
  readonly outputBias?: FloatTensor | undefined;
  readonly heads: number;
  readonly mask?: BooleanTensor | undefined;
  readonly causal: boolean;
}

/** The sizes of a multi-head attention, and what may be attended to. */
export function multiHeadGeometry({
  input,
  memory,
  heads,
  mask,
  causal,
}: {
  readonly input: { readonly shape: readonly number[] };
  readonly memory?: { readonly shape: readonly number[] } | undefined;
  readonly heads: number;
  readonly mask?: BooleanTensor | undefined;
  readonly causal: boolean;
}) {
  const [batch = 0, length = 0, width = 0] = input.shape;
  const keys = (memory ?? input).shape[1] ?? 0;
  return {
    batch,
    length,
    width,
    keys,
    headWidth: width / heads,
    allowed: allowedBy({ mask, causal, leading: [batch], queryLength: length, keyLength: keys }),
  };
}

const cut = <N>(
  { exact, errors }: Approximate<N>,
  head: number,
  width: number,
): Approximate<N> => ({
  exact: exact.slice(head * width, (head + 1) * width),
  errors: errors.slice(head * width, (head + 1) * width),
});

/** One query of one head: the exact mixture and its errors. */
function headRow<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  scale: Scale<N>,
  query: Approximate<N>,
  own: readonly Approximate<N>[],
  values: readonly Approximate<N>[],
  keys: number,
): Approximate<N> {
  const width = query.exact.length;
  if (own.length === 0)
    return { exact: query.exact.map(() => a.from(0)), errors: query.exact.map(() => a.from(0)) };
  const scores = own.map((key) =>
    dotOfApproximate(a, rounding, query, key, rounding.height(width) + 1),
  );
  const { lower, upper } = rangeOf(a);
  const weights = scoreWeights(
    a,
    rounding,
    {
      dots: own.map((key) => a.dot(query.exact, key.exact)),
      error: (j) => upper(scores[j]?.error ?? a.from(0)),
      magnitude: (j) => upper(scores[j]?.magnitude ?? a.from(0)),
      keys,
    },
    scale,
  );
  const columns = Array.from({ length: width }, (_, c) =>
    values.map(({ exact }) => exact[c] ?? a.from(NaN)),
  );
  const shares = weights.probabilities();
  const exact = columns.map((column) => a.dot(shares, column));
  const ranges = columns.map((column, c) => {
    const [low, high] = [Float64Array.from(column, lower), Float64Array.from(column, upper)];
    const middle = low.map((x, j) => (x + (high[j] ?? NaN)) / 2);
    return {
      values: middle,
      off: high.map(
        (x, j) => Math.max(x - (middle[j] ?? NaN), (middle[j] ?? NaN) - (low[j] ?? NaN)) * 1.01,
      ),
      errors: Float64Array.from(values, (value) => upper(value.errors[c] ?? a.from(0))),
      mean: exact[c] ?? a.from(NaN),
      exactSum: () => false,
    };
  });
  const errors = readAll(a, meanErrors(a, rounding, weights, ranges));
  return { exact, errors };
}

/** The errors of every output of a multi-head attention, the projections' passed on through scores, mixtures and output projection. */
export function multiHeadErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  input: MultiHeadInput,
): readonly N[] {
  const { batch, length, keys, headWidth, allowed } = multiHeadGeometry(input);
  const project = (source: FloatTensor, weight: FloatTensor, bias: FloatTensor | undefined) => {
    const columns = columnsOf(weight);
    return rowsOf(source).map((row) => projectStored(a, rounding, row, columns, bias?.data));
  };
  const queries = project(input.input, input.queryWeight, input.queryBias);
  const source = input.memory ?? input.input;
  const [keyRows, valueRows] = [
    project(source, input.keyWeight, input.keyBias),
    project(source, input.valueWeight, input.valueBias),
  ];
  const scale = scaleOf(a, rounding, undefined, headWidth);
  const columns = columnsOf(input.outputWeight);
  return Array.from({ length: batch * length }, (_, row) => {
    const block = Math.floor(row / length);
    const own = Array.from({ length: keys }, (_key, j) => j).filter((j) =>
      allowed(block, row % length, j),
    );
    const query = queries[row];
    const chosen = (all: readonly Approximate<N>[], head: number) =>
      own
        .flatMap((j) => all.slice(block * keys + j, block * keys + j + 1))
        .map((item) => cut(item, head, headWidth));
    const heads = Array.from({ length: input.heads }, (_head, head) =>
      headRow(
        a,
        rounding,
        scale,
        cut(query ?? { exact: [], errors: [] }, head, headWidth),
        chosen(keyRows, head),
        chosen(valueRows, head),
        keys,
      ),
    );
    const merged = {
      exact: heads.flatMap(({ exact }) => exact),
      errors: heads.flatMap(({ errors }) => errors),
    };
    return projectErrors(a, rounding, merged, columns, input.outputBias?.data);
  }).flat();
}
