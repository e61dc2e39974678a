import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writtenAs } from '../../conformance/recorded/write.ts';
import { roundTo } from '../../spec/format.ts';
import { randomStream } from '../../spec/generate.ts';
import { sizeOf, tensor, type FloatDtype, type FloatTensor } from '../../spec/tensor.ts';
import { call, scratch, type Called } from './call.ts';

const folder = scratch();
const at = (file: string): string => join(folder, file);

type Ending = Parameters<typeof writtenAs>[0];

/** Writes fields in the form that the ending names. */
function write(file: string, fields: object): string {
  const ending = (['safetensors', 'npz', 'json'] as const).find((one) => file.endsWith(one));
  if (ending === undefined) throw new RangeError(file);
  writeFileSync(at(file), writtenAs(ending satisfies Ending, fields));
  return at(file);
}

const judged = (component: string, ...argv: readonly string[]): Promise<Called> =>
  call(['judge', component, ...argv]);

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ');

const logits = tensor('float32', [2, 3], [0, 1, 2, 3, -1, 0.5]);
const exactly = (row: readonly number[]): readonly number[] => {
  const weights = row.map((x) => Math.exp(x));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => Math.fround(w / total));
};
const right = tensor('float32', [2, 3], [...exactly([0, 1, 2]), ...exactly([3, -1, 0.5])]);
const wrong = tensor('float32', [2, 3], [...exactly([0, 1, 2]), ...exactly([3, -1, 0.6])]);

describe.each(['safetensors', 'npz', 'json'] as const)('recorded as .%s', (ending) => {
  const [input, answer] = [`in.${ending}`, `out.${ending}`];

  test('a right answer passes', async () => {
    write(input, { logits });
    write(answer, { probabilities: right });
    const { status, stdout } = await judged(
      'softmax',
      '--input',
      at(input),
      '--output',
      at(answer),
    );
    expect([status, plain(stdout)]).toEqual([
      0,
      expect.stringContaining('softmax: pass judged all 6'),
    ]);
  });

  test('a wrong one fails, and the row is written as a file of the same kind that fails again', async () => {
    write(input, { logits });
    write(answer, { probabilities: wrong });
    const [target, argv] = [at(`row.${ending}`), ['--input', at(input), '--output', at(answer)]];
    const first = await judged('softmax', ...argv, '--export', target);
    expect([first.status, plain(first.stdout)]).toEqual([1, expect.stringContaining('row 1')]);
    const again = await judged('softmax', '--input', target);
    expect(again.status).toBe(1);
    expect(plain(again.stdout)).toContain('logits float32 [1, 3]');
  });

  test('input and output may be in one file', async () => {
    const whole = write(`whole.${ending}`, { logits, probabilities: right });
    expect(await judged('softmax', '--input', whole)).toMatchObject({ status: 0 });
  });
});

describe('names', () => {
  const argv = ['--input', at('model.safetensors')];
  const named = () => write('model.safetensors', { 'model.x': logits, 'model.y': right });

  test('of the file are taken for those of the component', async () => {
    named();
    const map = ['--map', 'logits=model.x', '--map', 'probabilities=model.y'];
    expect(await judged('softmax', ...argv, ...map)).toMatchObject({ status: 0 });
  });

  test('that are none of the component are told with what is expected', async () => {
    named();
    const { status, stderr } = await judged('softmax', ...argv);
    expect(status).toBe(2);
    expect(plain(stderr)).toContain('logits');
    expect(plain(stderr)).toContain('model.x');
  });

  test('that are misspelt are told with the nearest', async () => {
    const path = write('misspelt.safetensors', { logitz: logits, probabilities: right });
    const { status, stderr } = await judged('softmax', '--input', path);
    expect([status, plain(stderr)]).toEqual([2, expect.stringContaining('logits')]);
  });

  test('of scalars are set, in the call', async () => {
    const kept = tensor('bool', [1, 3], [0, 0, 1]);
    const path = write('kept.npz', {
      logits: tensor('float32', [1, 3], [0, 1, 9]),
      kept,
      probabilities: tensor('float32', [1, 3], [0, 0, 1]),
    });
    expect(await judged('topK', '--input', path, '--set', 'k=1')).toMatchObject({ status: 0 });
    const { status, stderr } = await judged('topK', '--input', path);
    expect([status, plain(stderr)]).toEqual([
      2,
      expect.stringContaining('expected k of the input of topK'),
    ]);
  });
});

const numpy = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import numpy']).status === 0,
);

test.skipIf(numpy === undefined)(
  'what numpy saves is read: formats, order of the axes, scalars, texts',
  async () => {
    const program = `
import numpy as np
x = np.array([[0, 1, 2], [3, -1, .5]], 'float16')
e = np.exp(x.astype('float64'))
p = (e / e.sum(-1, keepdims=True)).astype('float16')
np.savez_compressed(${JSON.stringify(at('numpy.npz'))}, logits=np.asfortranarray(x), probabilities=p, emptyRow='nan')
np.savez(${JSON.stringify(at('scalars.npz'))}, logits=x[:1], k=np.int64(1), kept=np.array([[False, False, True]]), probabilities=np.array([[0, 0, 1]], 'float16'))
np.save(${JSON.stringify(at('probabilities.npy'))}, p)
np.savez(${JSON.stringify(at('logits.npz'))}, logits=x)
`;
    expect(spawnSync(numpy ?? '', ['-c', program], { encoding: 'utf8' }).stderr).toBe('');
    const one = await judged('softmax', '--input', at('numpy.npz'));
    expect([one.status, plain(one.stdout)]).toEqual([0, expect.stringContaining('float16 [2, 3]')]);
    expect(await judged('topK', '--input', at('scalars.npz'))).toMatchObject({ status: 0 });
    const two = ['--input', at('logits.npz'), '--output', at('probabilities.npy')];
    expect(await judged('softmax', ...two)).toMatchObject({ status: 0 });
  },
);

test('a scalar stands in the metadata of a .safetensors', async () => {
  const header = JSON.stringify({
    __metadata__: { k: '1', framework: 'pt' },
    logits: { dtype: 'F32', shape: [1, 3], data_offsets: [0, 12] },
    kept: { dtype: 'BOOL', shape: [1, 3], data_offsets: [12, 15] },
    probabilities: { dtype: 'F32', shape: [1, 3], data_offsets: [15, 27] },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const numbers = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer);
  const bytes = [length, Buffer.from(header), numbers([0, 1, 9]), Buffer.from([0, 0, 1])];
  writeFileSync(at('metadata.safetensors'), Buffer.concat([...bytes, numbers([0, 0, 1])]));
  expect(await judged('topK', '--input', at('metadata.safetensors'))).toMatchObject({ status: 0 });
});

describe('what is declared', () => {
  test('loosens the bound', async () => {
    const off = tensor(
      'float32',
      [2, 3],
      Array.from(right.data, (x) => Math.fround(x * 1.0001)),
    );
    const path = write('off.npz', { logits, probabilities: off });
    expect(await judged('softmax', '--input', path)).toMatchObject({ status: 1 });
    const numerics = ['--numerics', '{"accumulate":"bfloat16"}'];
    expect(await judged('softmax', '--input', path, ...numerics)).toMatchObject({ status: 0 });
  });

  test('is checked for spelling', async () => {
    const path = write('spelt.npz', { logits, probabilities: right });
    const numerics = ['--numerics', '{"acumulate":"bfloat16"}'];
    const { status, stderr } = await judged('softmax', '--input', path, ...numerics);
    expect([status, plain(stderr)]).toEqual([
      2,
      expect.stringContaining('did you mean accumulate?'),
    ]);
  });
});

const shape = [2, 8, 1024, 64];
const stored = (data: Float32Array): FloatTensor => ({ dtype: 'bfloat16', shape, data });

function drawn(seed: number): FloatTensor {
  const next = randomStream(seed);
  const data = Float32Array.from({ length: sizeOf(shape) }, () => 4 * next() - 2);
  return stored(data.map((x) => roundTo(x, 'bfloat16')));
}

/** Flash attention in float32, stored in bfloat16, in tiles of 128 keys; the running maximum is carried from one to the next, or each has its own. */
function flash(carries: boolean, [query, key, value]: readonly FloatTensor[]): FloatTensor {
  const [q, k, v] = [query, key, value].map((one) => Float32Array.from(one?.data ?? []));
  if (q === undefined || k === undefined || v === undefined) throw new TypeError('three tensors');
  const [length, width, tile] = [1024, 64, 128];
  const out = new Float32Array(q.length);
  const scores = new Float32Array(tile);
  for (let row = 0; row < q.length / width; row += 1) {
    const first = row - (row % length);
    const own = new Float64Array(width);
    let [best, total] = [-Infinity, 0];
    for (let start = first; start < first + length; start += tile) {
      let next = best;
      for (let j = 0; j < tile; j += 1) {
        let score = 0;
        for (let t = 0; t < width; t += 1)
          score += (q[row * width + t] ?? 0) * (k[(start + j) * width + t] ?? 0);
        scores[j] = score / 8;
        next = Math.max(next, scores[j] ?? 0);
      }
      const kept = carries ? Math.exp(best - next) : 1;
      best = next;
      total *= kept;
      for (let t = 0; t < width; t += 1) own[t] = (own[t] ?? 0) * kept;
      for (let j = 0; j < tile; j += 1) {
        const weight = Math.exp((scores[j] ?? 0) - best);
        total += weight;
        for (let t = 0; t < width; t += 1)
          own[t] = (own[t] ?? 0) + weight * (v[(start + j) * width + t] ?? 0);
      }
    }
    for (let t = 0; t < width; t += 1)
      out[row * width + t] = roundTo(Math.fround((own[t] ?? 0) / total), 'bfloat16');
  }
  return stored(out);
}

describe('an attention of 2 × 8 × 1,024 × 64 in bfloat16', () => {
  const tensors = [drawn(1), drawn(2), drawn(3)] as const;
  const [query, key, value] = tensors;
  const name = 'scaledDotProductAttention';

  test('that carries its maximum over tiles of 128 passes', async () => {
    const path = write('sound.safetensors', { query, key, value, output: flash(true, tensors) });
    const { status, stdout } = await judged(name, '--input', path);
    expect([status, plain(stdout)]).toEqual([
      0,
      expect.stringMatching(/judged .* of 16384 queries/),
    ]);
  }, 60_000);

  test('that does not is refused, and one query is named and written', async () => {
    const path = write('broken.safetensors', { query, key, value, output: flash(false, tensors) });
    const target = at('query.safetensors');
    const { status, stdout } = await judged(name, '--input', path, '--export', target);
    expect([status, plain(stdout)]).toEqual([1, expect.stringMatching(/query \d+/)]);
    expect(readFileSync(target).length).toBeLessThan(400_000);
    const again = await judged(name, '--input', target);
    expect(again.status).toBe(1);
  }, 60_000);
});

describe('reference answers a file', () => {
  test.each(['float64', 'float32', 'float16', 'bfloat16'] as const)(
    'rounded to %s, and the answer passes',
    async (storage: FloatDtype) => {
      const values = Array.from(logits.data, (x) => roundTo(x, storage));
      const input = write('asked.safetensors', { logits: tensor(storage, [2, 3], values) });
      const answer = at(`answer-${storage}.safetensors`);
      const made = ['--input', input, '--output', answer, '--force'];
      expect(await call(['reference', 'softmax', ...made])).toMatchObject({ status: 0 });
      const { status, stdout } = await judged('softmax', '--input', input, '--output', answer);
      expect([status, plain(stdout)]).toEqual([0, expect.stringContaining(`${storage} [2, 3]`)]);
    },
  );
});

describe('check --input puts what was recorded', () => {
  const module = () => {
    writeFileSync(
      at('kernel.mjs'),
      `
const softmax = ({ logits: { dtype, shape, data } }) => {
  const width = shape.at(-1);
  const out = [];
  for (let start = 0; start < data.length; start += width) {
    const row = Array.from(data.slice(start, start + width));
    const best = Math.max(...row);
    const weights = row.map((x) => Math.exp(x - best));
    const total = weights.reduce((sum, w) => sum + w, 0);
    out.push(...weights.map((w) => w / total + (row[0] === 3 ? 1e-3 : 0)));
  }
  return { probabilities: { dtype, shape, data: Float32Array.from(out) } };
};
export default { name: 'mine', version: '1', entries: { softmax: { run: softmax } } };
`,
    );
    return at('kernel.mjs');
  };

  test('and nothing else, where that is asked; what fails is cut to a row, and put again as told', async () => {
    const path = write('put.npz', { logits });
    const argv = [
      'check',
      'softmax',
      '--implementation',
      module(),
      '--input',
      path,
      '--only-input',
    ];
    const { status, stdout } = await call(argv);
    expect(status).toBe(1);
    expect(stdout).toContain('float32 [1, 3]');
    expect(plain(stdout)).toContain(`check softmax --input '${path}' --only-input`);
    const one = tensor('float32', [1, 3], [0, 1, 2]);
    const sound = [...argv.slice(0, -2), write('sound.npz', { logits: one }), '--only-input'];
    expect(await call(sound)).toMatchObject({ status: 0 });
  });
});
