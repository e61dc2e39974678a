import type { Input } from '../../../spec/index.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  nearestNeighbors as honest,
  scoreOf,
  searchOf,
  type Candidate,
  type Steps,
} from '../../honest/similarity/nearestNeighbors.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Search = Input<'nearestNeighbors'>;
type Kernel = Mutants<'nearestNeighbors'>['honest'];

export const unit = unitOf(float32);
const { round, dot } = unit;
export const sound = honest(unit);
export const score = scoreOf(unit);
export const length = (row: readonly number[]): number => round(Math.sqrt(dot(row, row)));

export const kernel = (changed: Partial<Steps>): Kernel => searchOf(unit, changed);
export const falling = (x: Candidate, y: Candidate): number => y.score - x.score;
export const best = (candidates: readonly Candidate[], { metric }: Search): readonly Candidate[] =>
  candidates.toSorted((x, y) => (metric === 'euclidean' ? x.score - y.score : falling(x, y)));

/** A comparator that says 1 or 0, never −1. */
export const lopsided = (
  candidates: readonly Candidate[],
  { metric }: Search,
): readonly Candidate[] =>
  candidates.toSorted((x, y) =>
    (metric === 'euclidean' ? x.score > y.score : x.score < y.score) ? 1 : 0,
  );

export const isExcluded = ({ allowed }: Search, id: number): boolean =>
  allowed !== undefined && allowed.data[id] !== 1;

/** The allowed vectors in a list of their own, found by their places in it. */
export const unmapped: Kernel = (input) => {
  const kept = rowsOf(input.vectors).filter((_, id) => !isExcluded(input, id));
  const vectors = tensor('float32', [kept.length, input.vectors.shape[1] ?? 0], kept.flat());
  return sound({ vectors, queries: input.queries, k: input.k, metric: input.metric });
};

/** The answer with every row filled up to k. */
export const padded: Kernel = withOutput(sound, ({ ids, scores }, { k }) => {
  const fill = (rows: readonly (readonly number[])[], by: number) =>
    rows.flatMap((row) => [...row, ...Array.from({ length: k - row.length }, () => by)]);
  const shape = [ids.shape[0] ?? 0, k];
  return {
    ids: tensor('int32', shape, fill(rowsOf(ids), -1)),
    scores: tensor('float32', shape, fill(rowsOf(scores), 0)),
  };
});

/** Every query answered as the first. */
export const firstQuery: Kernel = withInput(sound, (input) => {
  const [asked = 0, width = 0] = input.queries.shape;
  const data = Array.from(
    { length: asked * width },
    (_, i) => input.queries.data[i % Math.max(1, width)] ?? NaN,
  );
  return { ...input, queries: tensor('float32', [asked, width], data) };
});
