import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { trustOf } from './blur.ts';
import { blocksOf, doneOf, jobOf, work as workOn, type Found, type Job } from './job.ts';
import { addWork, noWork, type Nearest, type Search, type Work } from './search.ts';

/** The exact nearest of every query, and what it took to know them. */
export interface GroundTruth {
  /** min(k, stored vectors). */
  readonly k: number;
  readonly nearest: readonly Nearest[];
  readonly work: Work;
}

export interface Running {
  /** As many as the machine has cores where it is left out; 1 computes in this one. */
  readonly threads?: number;
  /** Called with the share that is done, in [0, 1]. */
  readonly progress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

const millisecondsBetween = 100;
/** What one thread does in half a second: below it, starting others is no gain. */
const worthThreads = 2 ** 30;
const mostThreads = 64;

/** Threads run what the sources were compiled to; sources that run as they are have one thread. */
const isCompiled = import.meta.url.endsWith('.js');

function threadsFor({ vectors, queries }: Search, asked: number | undefined): number {
  const products = vectors.rows * vectors.columns * queries.rows;
  if (!isCompiled || (asked === undefined && products < worthThreads)) return 1;
  return Math.min(asked ?? availableParallelism(), queries.rows, mostThreads);
}

/** A loop: a callback for each of a hundred million numbers takes longer than the search of a query. */
function firstNotFinite(data: Search['vectors']['data']): number {
  for (let i = 0; i < data.length; i += 1) if (!Number.isFinite(data[i])) return i;
  return -1;
}

/** @throws RangeError */
function checked({ vectors, queries, k }: Search): void {
  if (!Number.isInteger(k) || k < 1)
    throw new RangeError(`groundTruth.k: expected an integer ≥ 1, got ${k}`);
  if (vectors.columns !== queries.columns)
    throw new RangeError(
      `groundTruth.queries: expected ${vectors.columns} columns as in vectors, got ${queries.columns}`,
    );
  for (const [name, { rows, columns, data }] of Object.entries({ vectors, queries })) {
    if (rows < 1 || columns < 1 || data.length !== rows * columns)
      throw new RangeError(
        `groundTruth.${name}: expected rows × columns ≥ 1 numbers, got ${rows} × ${columns} and ${data.length}`,
      );
    const at = firstNotFinite(data);
    if (at >= 0)
      throw new RangeError(
        `groundTruth.${name}: expected finite numbers, got ${data[at]} in row ${Math.floor(at / columns)}`,
      );
  }
}

/**
 * The k nearest vectors of every query, proven: all scores in doubles with a bound on what they may be off (`blurOf`), and those that this cannot tell
 * apart by exact comparison. Vectors that are equally near, exactly, tie: where they do so about the last place, any of them may be found there.
 * Under cosine a zero vector has similarity 0 to everything. The elements must be finite.
 *
 * @example
 * await groundTruth({ vectors, queries, k: 10, metric: 'euclidean' }) // → { k: 10, nearest: [{ inside, tied }, …], work }
 * @throws RangeError
 */
export async function groundTruth(
  asked: Search,
  { threads: wanted, progress = () => {}, signal }: Running = {},
): Promise<GroundTruth> {
  checked(asked);
  signal?.throwIfAborted();
  const k = Math.min(asked.k, asked.vectors.rows);
  const threads = threadsFor(asked, wanted);
  const search = threads > 1 ? shared({ ...asked, k }) : { ...asked, k };
  const job = jobOf(search, trustOf(search), threads);
  const blocks: Found[] = [];
  const take = (found: Found) => void blocks.push(found);
  await (threads > 1
    ? inThreads(job, threads, take, progress, signal)
    : inTurn(job, take, progress, signal));
  signal?.throwIfAborted();
  const total = noWork();
  for (const { work } of blocks) addWork(total, work);
  blocks.sort((a, b) => a.first - b.first);
  const nearest = blocks.flatMap((block) => block.nearest);
  if (nearest.length !== search.queries.rows)
    throw new Error(`groundTruth: ${nearest.length} of ${search.queries.rows} queries were done`);
  return { k, nearest, work: total };
}

/** The same in memory that threads share: else each would get a copy. */
function shared(search: Search): Search {
  const of = (matrix: Search['vectors']): Search['vectors'] => {
    const { data } = matrix;
    if (data.buffer instanceof SharedArrayBuffer) return matrix;
    const memory = new SharedArrayBuffer(data.byteLength);
    const copy = data instanceof Float32Array ? new Float32Array(memory) : new Float64Array(memory);
    copy.set(data);
    return { ...matrix, data: copy };
  };
  return { ...search, vectors: of(search.vectors), queries: of(search.queries) };
}

async function inTurn(
  job: Job,
  take: (found: Found) => void,
  progress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let last = performance.now();
  for (const found of workOn(job)) {
    if (found !== undefined) take(found);
    if (performance.now() - last < millisecondsBetween) continue;
    progress(doneOf(job));
    await setImmediate();
    if (signal?.aborted === true) return;
    last = performance.now();
  }
}

async function inThreads(
  job: Job,
  threads: number,
  take: (found: Found) => void,
  progress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const count = Math.min(threads, blocksOf(job));
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('worker.js', import.meta.url), { workerData: job, execArgv: [] }),
  );
  const timer = setInterval(() => progress(doneOf(job)), millisecondsBetween);
  const stop = () => void Promise.all(workers.map((worker) => worker.terminate()));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.on('message', take);
            worker.on('error', reject);
            worker.on('exit', () => resolve());
          }),
      ),
    );
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
