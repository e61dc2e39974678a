import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMatrix, type Matrix } from '../../conformance/data/open.ts';
import { groundTruth, type GroundTruth } from '../../conformance/recall/groundTruth.ts';
import { recallOf } from '../../conformance/recall/recallOf.ts';
import { randomStream } from '../../spec/generate.ts';
import type { Measure } from './measure.ts';

const [stored, asked, columns, k] = [100_000, 1000, 128, 10];

function randomMatrix(seed: number, rows: number): Matrix {
  const next = randomStream(seed);
  const data = new Float32Array(new SharedArrayBuffer(4 * rows * columns));
  for (let i = 0; i < data.length; i += 1) data[i] = next();
  return { rows, columns, data };
}

/** The least of three searches, and what it finds, as .npy. Says nothing where there is no faiss. */
const program = `
import sys, time
try:
    import faiss, numpy
except ImportError:
    sys.exit(7)
folder, columns, k = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
read = lambda name: numpy.fromfile(folder + '/' + name, '<f4').reshape(-1, columns)
index = faiss.IndexFlatL2(columns)
index.add(read('vectors'))
queries, times = read('queries'), []
for _ in range(3):
    started = time.perf_counter()
    ids = index.search(queries, k)[1]
    times.append(time.perf_counter() - started)
numpy.save(folder + '/found.npy', ids)
print(min(times))
`;

const noFaiss = 7;

/** How long FAISS's flat index takes for the same, on all cores; nothing where no Python has it. What it finds must be right. */
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
      (python) => () => spawnSync(python, call, { encoding: 'utf8' }),
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

/** Exact ground truth of 1,000 queries among 100,000 vectors, beside FAISS's flat index, which proves nothing, where that is installed. */
export async function groundTruthMeasures(): Promise<readonly Measure[]> {
  const [vectors, queries] = [randomMatrix(1, stored), randomMatrix(2, asked)];
  const started = performance.now();
  const truth = await groundTruth({ vectors, queries, k, metric: 'euclidean' });
  const own = (performance.now() - started) / 1000;
  const measure = {
    what: 'ground truth 100,000×128, 1,000 queries',
    value: own,
    unit: 's',
    limit: '≤ 60 s',
    holds: own <= 60,
  };
  const other = await faissSeconds(vectors, queries, truth);
  if (other === undefined) {
    console.log('ground truth is compared with nothing: no python3 has faiss');
    return [measure];
  }
  const ratio = own / other;
  return [
    measure,
    {
      what: 'the same / FAISS flat, float32',
      value: ratio,
      unit: '×',
      limit: '≤ 50 ×',
      holds: ratio <= 50,
    },
  ];
}
