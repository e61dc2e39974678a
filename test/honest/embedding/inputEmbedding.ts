import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

type Embedding = Input<'inputEmbedding'>;
type Row = readonly number[];

/** The steps that a mutant may replace. */
export interface EmbeddingParts {
  readonly token: (unit: Unit, x: number, input: Embedding) => number;
  /** The row of the position table for token `t` of sequence `b`. */
  readonly position: (t: number, b: number, input: Embedding) => number;
  /** The row of the segment table for the token at a flat place. */
  readonly segment: (at: number, input: Embedding) => number;
  readonly sum: (unit: Unit, terms: readonly number[], input: Embedding) => number;
}

/** From the token on, from the segment on, or the token last: one for each kind of machine. */
const inAnyOrder = ({ machine, round }: Unit, terms: readonly number[]): number => {
  const [first = 0, ...rest] = machine.order === 'sequential' ? terms : terms.toReversed();
  return rest.reduce((total, term) => round(total + term), first);
};

export const soundEmbedding: EmbeddingParts = {
  token: ({ round }, x, { scale }) => round(round(scale) * x),
  position: (t) => t,
  segment: (at, { segments }) => segments?.data[at] ?? 0,
  sum: inAnyOrder,
};

/** A sound sum of looked-up rows on any machine. */
export const inputEmbedding =
  (unit: Unit, parts: Partial<EmbeddingParts> = {}): Kernel<'inputEmbedding'> =>
  (input) => {
    const { token, position, segment, sum } = { ...soundEmbedding, ...parts };
    const { tokenTable, positionTable, segmentTable, ids } = input;
    const [batch = 0, length = 0] = ids.shape;
    const [tokens, positions] = [rowsOf(tokenTable), rowsOf(positionTable)];
    const segments: readonly Row[] = segmentTable === undefined ? [] : rowsOf(segmentTable);
    const values = Array.from(ids.data).flatMap((id, at) => {
      const place = positions[position(at % length, Math.floor(at / length), input)];
      const kind = segments[segment(at, input)];
      return (tokens[id] ?? []).map((x, d) =>
        sum(
          unit,
          [
            token(unit, x, input),
            ...[place, kind].flatMap((row) => (row === undefined ? [] : row.slice(d, d + 1))),
          ],
          input,
        ),
      );
    });
    return { output: unit.store([batch, length, tokenTable.shape[1] ?? 0], values) };
  };
