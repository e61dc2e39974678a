import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { blocksOf } from '../../../spec/attention/allowed.ts';
import { geometryOf } from '../../../spec/attention/rows.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { weightsOf } from '../sampling/softmax.ts';

type Row = readonly number[];
type Rows = readonly Row[];

/** One block of an attention: what each query sees of its keys. */
export interface Block {
  readonly query: Rows;
  readonly key: Rows;
  readonly value: Rows;
  readonly gradients: Rows;
  readonly allowed: (query: number, key: number) => boolean;
  readonly scale: number;
}

/** Probabilities and the gradients of the scores, a row for each query, 0 where masked. */
export interface Backward {
  readonly probabilities: Rows;
  readonly scores: Rows;
}

/** Scores of one query, −∞ where masked. */
export const scoresOf = (unit: Unit, block: Block, i: number): Row =>
  block.key.map((key, j) =>
    block.allowed(i, j) ? unit.round(unit.dot(block.query[i] ?? [], key) * block.scale) : -Infinity,
  );

const isEmpty = (scores: Row): boolean => scores.every((s) => s === -Infinity);

const quotients = (unit: Unit, scores: Row): Row => {
  if (isEmpty(scores)) return scores.map(() => 0);
  const { weights, total } = weightsOf(unit, scores);
  return weights.map((w) => unit.round(w / total));
};

/** P (dP − Σ P dP) of separate operations. What is masked stays out of it, however large it is. */
export function separately(
  unit: Unit,
  block: Block,
  through: (p: Row, slopes: Row) => Row = (p, slopes) => {
    const mean = unit.dot(p, slopes);
    return p.map((share, j) => unit.round(share * unit.round((slopes[j] ?? NaN) - mean)));
  },
  scored: typeof scoresOf = scoresOf,
): Backward {
  const probabilities = block.query.map((_, i) => quotients(unit, scored(unit, block, i)));
  const scores = probabilities.map((p, i) => {
    const g = block.gradients[i] ?? [];
    return through(
      p,
      block.value.map((v, j) => (block.allowed(i, j) ? unit.dot(g, v) : 0)),
    );
  });
  return { probabilities, scores };
}

/** P dP − P Σ P dP, as PyTorch differentiates its softmax. */
const byProducts = (unit: Unit, block: Block): Backward =>
  separately(unit, block, (p, slopes) => {
    const weighed = p.map((share, j) => unit.round(share * (slopes[j] ?? NaN)));
    const mean = unit.sum(weighed);
    return p.map((share, j) => unit.round((weighed[j] ?? NaN) - unit.round(share * mean)));
  });

/** As FlashAttention does: O and the log-sum-exp of a first pass, then P = e^(s − l) anew and rowsum(g O) for rowsum(P dP). */
const recomputed = (unit: Unit, block: Block): Backward => {
  const { round } = unit;
  const rows = block.query.map((_, i) => {
    const scores = scoresOf(unit, block, i);
    const g = block.gradients[i] ?? [];
    if (isEmpty(scores)) return { p: scores.map(() => 0), ds: scores.map(() => 0) };
    const { weights, total } = weightsOf(unit, scores);
    const logSum = round(greatestOf(scores) + round(Math.log(total)));
    const output = g.map((_c, c) =>
      round(
        unit.dot(
          weights,
          block.value.map((v) => v[c] ?? NaN),
        ) / total,
      ),
    );
    const mean = unit.dot(g, output);
    const p = scores.map((s) => round(Math.exp(round(s - logSum))));
    const ds = p.map((share, j) =>
      block.allowed(i, j) ? round(share * round(unit.dot(g, block.value[j] ?? []) - mean)) : 0,
    );
    return { p, ds };
  });
  return { probabilities: rows.map(({ p }) => p), scores: rows.map(({ ds }) => ds) };
};

const backwardOf = ({ machine }: Unit): typeof byProducts =>
  machine.online > 0
    ? recomputed
    : machine.order === 'sequential'
      ? (unit, block) => separately(unit, block)
      : byProducts;

const column = (rows: Rows, c: number): Row => rows.map((row) => row[c] ?? NaN);
const widthOf = ({ shape }: { readonly shape: readonly number[] }): number => shape.at(-1) ?? 1;

/** scale · Σ w r for every column: the factor after the sum, or multiplied into the weights first. */
const mixed = (unit: Unit, weights: Row, rows: Rows, width: number, scale: number): Row => {
  const isFirst = unit.machine.order !== 'sequential';
  const own = isFirst ? weights.map((w) => unit.round(w * scale)) : weights;
  return Array.from({ length: width }, (_, c) => {
    const sum = unit.dot(own, column(rows, c));
    return isFirst ? sum : unit.round(sum * scale);
  });
};

/** How the gradients of one block are put together. */
export const assembled =
  (unit: Unit) =>
  (
    block: Block,
    { probabilities, scores }: Backward,
    [width, valueWidth]: readonly [number, number],
  ) => ({
    query: scores.map((row) => mixed(unit, row, block.key, width, block.scale)),
    key: block.key.map((_, j) => mixed(unit, column(scores, j), block.query, width, block.scale)),
    value: block.key.map((_, j) =>
      mixed(unit, column(probabilities, j), block.gradients, valueWidth, 1),
    ),
  });

/** The blocks of an input. */
export const blocksIn = (unit: Unit, input: Input<'attentionGradient'>): readonly Block[] => {
  const { leading, queryLength, keyLength, width, allowed } = geometryOf(input);
  const [query, key] = [rowsOf(input.query), rowsOf(input.key)];
  const [value, gradients] = [rowsOf(input.value), rowsOf(input.outputGradient)];
  return blocksOf(leading).map((block) => {
    const queries = [block * queryLength, (block + 1) * queryLength] as const;
    const keys = [block * keyLength, (block + 1) * keyLength] as const;
    return {
      query: query.slice(...queries),
      key: key.slice(...keys),
      value: value.slice(...keys),
      gradients: gradients.slice(...queries),
      allowed: (i, j) => allowed(block, i, j),
      scale: unit.round(input.scale ?? 1 / Math.sqrt(width)),
    };
  });
};

/** Sound gradients of an attention on any machine. */
export const attentionGradient =
  (
    unit: Unit,
    backward: (unit: Unit, block: Block) => Backward = backwardOf(unit),
    assemble: ReturnType<typeof assembled> = assembled(unit),
  ): Kernel<'attentionGradient'> =>
  (input) => {
    const widths = [widthOf(input.query), widthOf(input.value)] as const;
    const parts = blocksIn(unit, input).map((block) =>
      assemble(block, backward(unit, block), widths),
    );
    const stored = (field: 'query' | 'key' | 'value') =>
      unit.store(
        input[field].shape,
        parts.flatMap((part) => part[field].flat()),
      );
    return {
      queryGradient: stored('query'),
      keyGradient: stored('key'),
      valueGradient: stored('value'),
    };
  };
