import { prepare, queriesInBlock, searchBlock, tilesOf, vectorsInTile } from './block.ts';
import type { Trust } from './blur.ts';
import { coarseSides, hasCoarse, type CoarseSides } from './coarse.ts';
import { noWork, type Nearest, type Search, type Work } from './search.ts';

/** A search that several threads take blocks of queries from; its counters lie in memory that they share. */
export interface Job {
  readonly search: Search;
  readonly trust: Trust;
  /** Nothing where integers would tell nothing. */
  readonly coarse: CoarseSides | undefined;
  /** How many queries make a block. */
  readonly perBlock: number;
  /** [0]: the next block; [1]: how many tiles of all blocks are done. */
  readonly counters: Int32Array;
}

/** What is known of a block. */
export interface Found {
  readonly first: number;
  readonly nearest: readonly Nearest[];
  readonly work: Work;
}

export const blocksOf = ({ search, perBlock }: Job): number =>
  Math.ceil(search.queries.rows / perBlock);

/** A search whose queries are dealt out evenly: every thread takes as many blocks as any other. */
export function jobOf(search: Search, trust: Trust, threads: number): Job {
  const asked = search.queries.rows;
  const rounds = Math.ceil(asked / (threads * queriesInBlock));
  const perBlock = Math.ceil(asked / (threads * rounds));
  const perTile = vectorsInTile(search.vectors.columns);
  return {
    search,
    trust,
    coarse: hasCoarse(search, trust) ? coarseSides(search, trust, perTile, perBlock) : undefined,
    perBlock,
    counters: new Int32Array(new SharedArrayBuffer(8)),
  };
}

/** The share of a job that is done, in [0, 1]. */
export const doneOf = (job: Job): number =>
  Atomics.load(job.counters, 1) / (blocksOf(job) * tilesOf(job.search));

/** Takes blocks until none is left; yields what is found of each, and nothing after each tile. */
export function* work(job: Job): Generator<Found | undefined, void> {
  const prepared = prepare(job.search, job.trust, job.coarse);
  const { rows } = job.search.queries;
  for (;;) {
    const first = Atomics.add(job.counters, 0, 1) * job.perBlock;
    if (first >= rows) return;
    const done = noWork();
    const block = searchBlock(prepared, first, Math.min(job.perBlock, rows - first), done);
    let step = block.next();
    for (; step.done !== true; step = block.next()) {
      Atomics.add(job.counters, 1, 1);
      yield undefined;
    }
    yield { first, nearest: step.value, work: done };
  }
}
