import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { multiHeadGeometry } from '../../../spec/attention/multiHeadErrors.ts';
import { columnsOf, rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { weightsOf } from '../sampling/softmax.ts';

type Row = readonly number[];
type Attention = Input<'multiHeadAttention'>;

/** The steps that a mutant may replace. */
export interface Parts {
  /** Which element of a projected row is place `c` of a head. */
  readonly place: (head: number, c: number, headWidth: number, heads: number) => number;
  /** Where the row of a token's heads goes. */
  readonly merge: (
    heads: readonly (readonly Row[])[],
    length: number,
    headWidth: number,
  ) => readonly Row[];
  readonly scale: (input: Attention, headWidth: number) => number;
  readonly allowed: (
    input: Attention,
  ) => (block: number, i: number, j: number, head: number) => boolean;
}

export const soundParts: Parts = {
  place: (head, c, headWidth) => head * headWidth + c,
  merge: (heads, length) =>
    Array.from({ length }, (_, i) => heads.flatMap((rows) => rows[i] ?? [])),
  scale: (_input, headWidth) => 1 / Math.sqrt(headWidth),
  allowed: (input) => multiHeadGeometry(input).allowed,
};

const project = (
  { round, dot }: Unit,
  rows: readonly Row[],
  weight: FloatTensor,
  bias: FloatTensor | undefined,
): readonly Row[] => {
  const columns = columnsOf(weight);
  return rows.map((row) =>
    columns.map((column, c) =>
      bias === undefined ? dot(row, column) : round(dot(row, column) + (bias.data[c] ?? NaN)),
    ),
  );
};

export const multiHeadAttention =
  (unit: Unit, parts: Partial<Parts> = {}): Kernel<'multiHeadAttention'> =>
  (input) => {
    const { place, merge, scale, allowed } = { ...soundParts, ...parts };
    const { batch, length, width, keys, headWidth } = multiHeadGeometry(input);
    const memory = input.memory ?? input.input;
    const query = project(unit, rowsOf(input.input), input.queryWeight, input.queryBias);
    const key = project(unit, rowsOf(memory), input.keyWeight, input.keyBias);
    const value = project(unit, rowsOf(memory), input.valueWeight, input.valueBias);
    const factor = unit.round(scale(input, headWidth));
    const may = allowed(input);
    const rows = Array.from({ length: batch }, (_, block) => {
      const heads = Array.from({ length: input.heads }, (_head, head) => {
        const part = (all: readonly Row[], count: number) =>
          all
            .slice(block * count, (block + 1) * count)
            .map((row) =>
              Array.from(
                { length: headWidth },
                (_c, c) => row[place(head, c, headWidth, input.heads)] ?? NaN,
              ),
            );
        const [q, k, v] = [part(query, length), part(key, keys), part(value, keys)];
        return q.map((one, i) => {
          const scores = k.map((other, j) =>
            may(block, i, j, head) ? unit.round(unit.dot(one, other) * factor) : -Infinity,
          );
          if (scores.every((s) => s === -Infinity)) return one.map(() => 0);
          const { weights, total } = weightsOf(unit, scores);
          return one.map((_x, c) =>
            unit.round(
              unit.dot(
                weights,
                v.map((other) => other[c] ?? NaN),
              ) / total,
            ),
          );
        });
      });
      return merge(heads, length, headWidth);
    }).flat();
    return {
      output: unit.store(
        [batch, length, width],
        project(unit, rows, input.outputWeight, input.outputBias).flat(),
      ),
    };
  };
