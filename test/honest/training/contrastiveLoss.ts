import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { weightsOf } from '../sampling/softmax.ts';

type Row = readonly number[];
type Rows = readonly Row[];

const column = (rows: Rows, c: number): Row => rows.map((row) => row[c] ?? NaN);

/** Vectors, 1/‖x‖ and x/‖x‖. */
export interface Directed {
  readonly vectors: Rows;
  readonly inverses: Row;
  readonly directions: Rows;
}

export function directed({ round, dot }: Unit, vectors: Rows): Directed {
  const inverses = vectors.map((row) => round(1 / round(Math.sqrt(dot(row, row)))));
  return {
    vectors,
    inverses,
    directions: vectors.map((row, i) => row.map((x) => round(x * (inverses[i] ?? NaN)))),
  };
}

/** Where kernels differ, right or wrong. */
export interface Parts {
  readonly directed?: (unit: Unit, vectors: Rows, side: 'anchors' | 'positives') => Directed;
  /** The cosine of anchor i and positive j. */
  readonly cosine?: (unit: Unit, left: Directed, right: Directed, i: number, j: number) => number;
  readonly scaled?: (unit: Unit, cosine: number, temperature: number) => number;
  /** A row's loss and probabilities. */
  readonly row?: (unit: Unit, scores: Row, own: number) => { loss: number; p: Row };
  /** What a score's gradient is divided by, besides the number of pairs. */
  readonly divisor?: (temperature: number) => number;
  readonly count?: (pairs: number) => number;
  /** The gradient of a vector from that of its direction. */
  readonly turned?: (unit: Unit, whole: Row, direction: Row, inverse: number) => Row;
}

/** From the direction of each vector; or the dot product first, and then the product of the norms. */
const cosineOf: NonNullable<Parts['cosine']> = (unit, left, right, i, j) => {
  const { round, dot, machine } = unit;
  const [x, y] = [left.vectors[i] ?? [], right.vectors[j] ?? []];
  if (machine.order === 'sequential')
    return dot(left.directions[i] ?? [], right.directions[j] ?? []);
  const norms = round(round(Math.sqrt(dot(x, x))) * round(Math.sqrt(dot(y, y))));
  return round(dot(x, y) / norms);
};

/** Weights over their sum, or e^(s − l) with the log-sum-exp l. */
export const plainRow: NonNullable<Parts['row']> = (unit, scores, own) => {
  const { round, machine } = unit;
  const { weights, total } = weightsOf(unit, scores);
  const logSum = round(greatestOf(scores) + round(Math.log(total)));
  const again = scores.map((s) => round(Math.exp(round(s - logSum))));
  return {
    loss: round(logSum - (scores[own] ?? NaN)),
    p: machine.online > 0 ? again : weights.map((w) => round(w / total)),
  };
};

/** (d − x̂ (x̂ · d)) / ‖x‖. */
export const perpendicular: NonNullable<Parts['turned']> = (
  { round, dot },
  whole,
  direction,
  inverse,
) => {
  const along = dot(direction, whole);
  return whole.map((d, c) => round(round(d - round((direction[c] ?? NaN) * along)) * inverse));
};

/** InfoNCE and its gradients of whatever parts. */
export const contrastiveLossOf =
  (unit: Unit, parts: Parts = {}): Kernel<'contrastiveLoss'> =>
  ({ anchors, positives, temperature }) => {
    const { round, sum, dot, store } = unit;
    const { cosine = cosineOf, row = plainRow, turned = perpendicular } = parts;
    const { scaled = (_unit: Unit, c: number, t: number) => round(c / round(t)) } = parts;
    const { divisor = (t: number) => t, count = (pairs: number) => pairs } = parts;
    const make = parts.directed ?? directed;
    const left = make(unit, rowsOf(anchors), 'anchors');
    const right = make(unit, rowsOf(positives), 'positives');
    const rows = left.vectors.map((_, i) =>
      row(
        unit,
        right.vectors.map((_v, j) => scaled(unit, cosine(unit, left, right, i, j), temperature)),
        i,
      ),
    );
    const whole = round(count(rows.length));
    const share = round(whole * round(divisor(temperature)));
    const slopes = rows.map(({ p }, i) =>
      p.map((x, j) => round(round(x - (i === j ? 1 : 0)) / share)),
    );
    const along = (weights: Row, others: Rows): Row =>
      (others[0] ?? []).map((_, c) => dot(weights, column(others, c)));
    const gradients = (own: Directed, others: Directed, weights: (i: number) => Row): Row =>
      own.directions.flatMap((direction, i) =>
        turned(unit, along(weights(i), others.directions), direction, own.inverses[i] ?? NaN),
      );
    const losses = rows.map(({ loss }) => loss);
    return {
      loss: store([], [round(sum(losses) / whole)]),
      anchorsGradient: store(
        anchors.shape,
        gradients(left, right, (i) => slopes[i] ?? []),
      ),
      positivesGradient: store(
        positives.shape,
        gradients(right, left, (j) => column(slopes, j)),
      ),
    };
  };

/** A sound contrastive loss on any machine. */
export const contrastiveLoss = (unit: Unit): Kernel<'contrastiveLoss'> => contrastiveLossOf(unit);
