import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMatrix, type Matrix } from '../../conformance/data/open.ts';
import { groundTruth, type GroundTruth } from '../../conformance/recall/groundTruth.ts';
import { recallOf } from '../../conformance/recall/recallOf.ts';
import type { Search } from '../../conformance/recall/search.ts';
import { randomStream } from '../../spec/generate.ts';
import { leastCpuOf, type Measure } from './measure.ts';

const [stored, asked, columns, k] = [100_000, 1000, 128, 10];

function randomMatrix(seed: number, rows: number): Matrix {
  const next = randomStream(seed);
  const data = new Float32Array(new SharedArrayBuffer(4 * rows * columns));
  for (let i = 0; i < data.length; i += 1) data[i] = next();
  return { rows, columns, data };
}

/** The least CPU time of three searches in one thread, and what it finds, as .npy. Says nothing where there is no faiss. */
const program = `
import sys, time
try:
    import faiss, numpy
except ImportError:
    sys.exit(7)
folder, columns, k = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
read = lambda name: numpy.fromfile(folder + '/' + name, '<f4').reshape(-1, columns)
faiss.omp_set_num_threads(1)
index = faiss.IndexFlatL2(columns)
index.add(read('vectors'))
queries, times = read('queries'), []
for _ in range(3):
    started = time.process_time()
    ids = index.search(queries, k)[1]
    times.append(time.process_time() - started)
numpy.save(folder + '/found.npy', ids)
print(min(times))
`;

const noFaiss = 7;

/** What FAISS's flat index takes of one core for the same; nothing where no Python has it. What it finds must be right. */
async function faissSeconds(
  vectors: Matrix,
  queries: Matrix,
  truth: GroundTruth,
): Promise<number | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-'));
  try {
    writeFileSync(join(folder, 'vectors'), new Uint8Array(vectors.data.buffer));
    writeFileSync(join(folder, 'queries'), new Uint8Array(queries.data.buffer));
    const call = ['-c', program, folder, String(columns), String(k)];
    const runs = ['python3', '/usr/bin/python3'].map(
      (python) => () =>
        spawnSync(python, call, {
          encoding: 'utf8',
          env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
        }),
    );
    for (const run of runs) {
      const { status, stdout, stderr, error } = run();
      if (status === noFaiss || error !== undefined) continue;
      if (status !== 0) throw new Error(`faiss ended with status ${status}: ${stderr}`);
      const found = await (await openMatrix(join(folder, 'found.npy'))).read();
      const { recall } = recallOf(truth, found);
      if (recall < 0.999) throw new Error(`faiss found only ${recall} of what is nearest`);
      return Number(stdout);
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The least CPU time of three searches, and what is found. */
async function own(
  search: Search,
): Promise<{ readonly time: number; readonly truth: GroundTruth }> {
  const truth = await groundTruth(search, { threads: 1 });
  const time = await leastCpuOf(3, () => groundTruth(search, { threads: 1 }));
  return { time, truth };
}

/**
 * Exact ground truth of 1,000 queries among 100,000 vectors, beside FAISS's flat index, which proves nothing, where that is installed: CPU time of one
 * thread. FAISS leaves products to a BLAS, and takes ten seconds with the one that Debian installs beside it: apt-get install libopenblas0.
 */
export async function groundTruthMeasures(): Promise<readonly Measure[]> {
  const [vectors, queries] = [randomMatrix(1, stored), randomMatrix(2, asked)];
  const { time, truth } = await own({ vectors, queries, k, metric: 'euclidean' });
  const what = 'ground truth 100,000×128, 1,000 queries';
  const measure = { what, value: time, unit: 's', limit: '≤ 10 s', holds: time <= 10 };
  const other = await faissSeconds(vectors, queries, truth);
  if (other === undefined) {
    console.log('ground truth is compared with nothing: no python3 has faiss');
    return [measure];
  }
  const ratio = time / other;
  const against = { what: `the same / FAISS flat (${other.toPrecision(2)} s)`, value: ratio };
  return [measure, { ...against, unit: '×', limit: '≤ 3 ×', holds: ratio <= 3 }];
}
