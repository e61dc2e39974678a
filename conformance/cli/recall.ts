import { basename } from 'node:path';
import { metrics, type Metric } from '../../spec/bounds/ranking.ts';
import { MalformedFile } from '../data/malformedFile.ts';
import { openMatrix, type Matrix, type OpenMatrix } from '../data/open.ts';
import { suggestion } from '../../spec/nearest.ts';
import { groundTruth } from '../recall/groundTruth.ts';
import { recallOf, unknownId } from '../recall/recallOf.ts';
import { progressOn, type Progress } from '../report/progress.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { floorOf, recallJson, recallText, type Judged } from './recallText.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { numberOf, textOf } from './values.ts';

/** `touchstone recall`. */
export async function recall({ values }: { readonly values: Values }, io: Io): Promise<number> {
  const metric = metricOf(values);
  const floor = values.has('floor')
    ? numberOf(values, 'floor', { least: 0, most: 1, fallback: 0, integer: false })
    : undefined;
  const files = await opened(values);
  const places = numberOf(values, 'k', {
    least: 1,
    most: files.found.columns,
    fallback: files.found.columns,
  });
  const progress = progressOn(io.stderr);
  try {
    const judged = await judge(files, { metric, places, floor }, progress, io.signal);
    progress.clear();
    io.stdout.write(
      values.has('json')
        ? `${JSON.stringify(recallJson(judged), undefined, 2)}\n`
        : recallText(judged, widthOf(io.stdout.columns)),
    );
    return floorOf(judged) === 'missed' ? exitStatus.failed : exitStatus.passed;
  } finally {
    progress.clear();
  }
}

/** @throws UsageError */
function metricOf(values: Values): Metric {
  const text = textOf(values, 'metric') ?? 'euclidean';
  const found = metrics.find((known) => known === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--metric: expected one of ${metrics.join(', ')}, got ${text}; ${suggestion(text, metrics, 'euclidean is the default')}`,
  );
}

const roles = ['vectors', 'queries', 'found'] as const;
type Role = (typeof roles)[number];
type Files = Readonly<Record<Role, OpenMatrix>>;

/** What is wrong with a file is a mistake in the call. */
async function naming<T>(role: Role, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof MalformedFile) throw new UsageError(`--${role}: ${error.message}`);
    throw error;
  }
}

/** The headers of all three, before any of them is read. */
async function opened(values: Values): Promise<Files> {
  const open = async (role: Role): Promise<OpenMatrix> => {
    const path = textOf(values, role);
    if (path === undefined)
      throw new UsageError(
        `recall: expected --${role} FILE, got nothing; see touchstone help recall`,
      );
    return naming(role, () => openMatrix(path));
  };
  const files = {
    vectors: await open('vectors'),
    queries: await open('queries'),
    found: await open('found'),
  };
  checkTogether(files);
  return files;
}

/** @throws UsageError */
function checkTogether({ vectors, queries, found }: Files): void {
  if (queries.columns !== vectors.columns)
    throw new UsageError(
      `--queries: expected ${vectors.columns} columns as in ${vectors.path}, got ${queries.columns} in ${queries.path}; both must come from one embedding`,
    );
  if (found.isFloat)
    throw new UsageError(
      `--found: expected integers, positions in ${vectors.path}, got floats in ${found.path}; write .ivecs, or .npy of int32 or int64`,
    );
  if (found.rows !== queries.rows)
    throw new UsageError(
      `--found: expected ${queries.rows} rows, one for each query of ${queries.path}, got ${found.rows} in ${found.path}`,
    );
}

interface Asked {
  readonly metric: Metric;
  readonly places: number;
  readonly floor: number | undefined;
}

async function judge(
  files: Files,
  { metric, places, floor }: Asked,
  progress: Progress,
  signal: AbortSignal,
): Promise<Judged> {
  const started = performance.now();
  const read = (role: Role): Promise<Matrix> =>
    naming(role, () =>
      files[role].read((done) => {
        signal.throwIfAborted();
        progress.show(done, `reading ${basename(files[role].path)}`);
      }),
    );
  const found = await read('found');
  const stored = files.vectors.rows;
  const unknown = unknownId(found, stored);
  if (unknown !== undefined)
    throw new UsageError(
      `--found: ${files.found.place(unknown.row, unknown.column)}: expected an id from 0 to ${stored - 1}, or −1 where nothing was found, got ${unknown.id}; ids are positions in ${files.vectors.path}, counted from 0`,
    );
  const [queries, vectors] = [await read('queries'), await read('vectors')];
  const truth = await groundTruth(
    { vectors, queries, k: places, metric },
    { progress: (done) => progress.show(done, 'searching'), signal },
  );
  const { columns } = vectors;
  const seconds = (performance.now() - started) / 1000;
  const { k, work } = truth;
  const measured = recallOf(truth, found, places);
  return { ...measured, metric, floor, k, work, columns, vectors: stored, seconds };
}
