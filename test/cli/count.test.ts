import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parametersOf, parameterTensors } from '../../spec/accounting/parameterTensors.ts';
import { architectureOf } from '../../spec/artifacts/checkpoint/config.ts';
import { expectedTensors } from '../../spec/artifacts/checkpoint/expected.ts';
import { namings } from '../../spec/artifacts/checkpoint/names.ts';
import { greatestOf } from '../../spec/extremes.ts';
import { sizeOf } from '../../spec/tensor.ts';
import { call } from './call.ts';
import {
  bertBase,
  checkpoint,
  config,
  folder,
  gpt2Small,
  small,
  tensorsOf,
  type Tensors,
} from './checkpoints.ts';

const count = (path: string, ...rest: readonly string[]) =>
  call(['count', '--safetensors', path, ...rest]);

const architectures = (['gpt', 'bert', 'encoderDecoder'] as const).flatMap((family) =>
  [true, false].map((flag) => ({
    ...small,
    family,
    biases: flag,
    ...(family === 'gpt' ? { tiedOutput: flag } : {}),
    ...(family === 'bert' ? { pooler: flag, segments: 3 } : {}),
  })),
);

describe('names', () => {
  test.each(architectures)('the tensors of %o are as many as parameterCount says', (value) => {
    const architecture = architectureOf(value, true);
    for (const naming of namings.filter(({ family }) => family === architecture.family)) {
      const expected = expectedTensors(architecture, { naming, prefix: '' });
      const total = expected.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      expect(total).toBe(Number(parametersOf(parameterTensors(architecture))));
      expect(new Set(expected.map(({ name }) => name)).size).toBe(expected.length);
    }
  });

  test.each(
    architectures.flatMap((value) =>
      namings
        .filter(({ family }) => family === value.family)
        .flatMap(({ title }) => ['', 'model.', 'a.b.'].map((prefix) => ({ value, title, prefix }))),
    ),
  )('a checkpoint of $value as $title names it, after $prefix, agrees', async (how) => {
    const path = checkpoint(tensorsOf(how.value, how), 'BF16');
    const { status, stdout } = await count(path, '--config', config(how.value), '--json');
    const { verdict, names, groups } = JSON.parse(stdout);
    expect({ status, agrees: verdict.agrees }).toEqual({ status: 0, agrees: true });
    expect(names).toEqual({ family: how.value.family, naming: how.title, prefix: how.prefix });
    for (const [group, expected] of Object.entries(verdict.groups))
      expect({ group, elements: groups[group].elements }).toEqual({ group, elements: expected });
  });
});

describe('count', () => {
  test('GPT-2 small: 124,439,808 parameters, of which nothing is read', async () => {
    const path = checkpoint(tensorsOf(gpt2Small, { prefix: 'transformer.' }));
    const { status, stdout, stderr } = await count(path, '--config', config(gpt2Small));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replaceAll('\n', ' ')).toMatch(
      /: 124,439,808 parameters in 148 tensors, 497,759,232 bytes /,
    );
    expect(stdout).toMatch(/tokenEmbedding +1 +38,597,376 +38,597,376\n/);
    expect(stdout).toMatch(/total +148 +124,439,808 +124,439,808\n/);
    expect(stdout).toMatch(/F32 +497,759,232 bytes in 148 tensors\n/);
    expect(stdout).toMatch(/names +gpt, as GPT-2 names it, after transformer\.\n/);
    expect(stdout).toMatch(/verdict +agrees with gpt of/);
    const lines = stdout.split('\n').filter((line) => !line.includes(folder));
    expect(greatestOf(lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('BERT base: 109,482,240 parameters, its layers for a task beside them', async () => {
    const heads = { 'cls.predictions.bias': [30522], 'cls.seq_relationship.weight': [2, 768] };
    const tensors = { ...tensorsOf(bertBase, { prefix: 'bert.' }), ...heads };
    const old = Object.fromEntries(
      Object.entries(tensors).map(([name, shape]) => [
        name
          .replace('LayerNorm.weight', () => 'LayerNorm.gamma')
          .replace('LayerNorm.bias', () => 'LayerNorm.beta'),
        shape,
      ]),
    );
    const { status, stdout } = await count(checkpoint(old), '--config', config(bertBase), '--json');
    const { verdict, groups, parameters } = JSON.parse(stdout);
    expect({ status, agrees: verdict.agrees }).toEqual({ status: 0, agrees: true });
    expect(verdict.parameters).toBe(109_482_240);
    expect(parameters).toBe(109_482_240 + 30522 + 2 * 768);
    expect(groups.other).toEqual({ tensors: 2, elements: 30522 + 2 * 768 });
    expect(verdict.heads.map(({ name }: { name: string }) => name)).toEqual(Object.keys(heads));
  });

  test('masks and positions are no parameters', async () => {
    const tensors = {
      ...tensorsOf(small),
      'h.0.attn.bias': [1, 1, 5, 5],
      'h.1.attn.masked_bias': [],
    };
    const { status, stdout } = await count(checkpoint(tensors), '--config', config(small));
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /buffers +26 numbers in 2 tensors: masks or positions, no\n? +parameters/,
    );
  });

  test('without a config: what is there, and no verdict', async () => {
    const { status, stdout } = await count(
      checkpoint({ ...tensorsOf(small), strange: [2, 3] }, 'F16'),
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/other +1 +6\n/);
    expect(stdout).not.toMatch(/verdict|architecture/);
    const none = await count(checkpoint({ 'a.b': [2] }));
    expect(none.stdout).toMatch(/names +of no naming that is known/);
    expect((await count(checkpoint({}))).stdout).toMatch(/: 0 parameters in 0 tensors, 0 bytes/);
  });

  test('terabytes take no longer', async () => {
    const started = performance.now();
    const { status, stdout } = await count(checkpoint({ 'wte.weight': [2 ** 20, 2 ** 15] }));
    expect(status).toBe(0);
    expect(stdout).toMatch(/tokenEmbedding +1 +34,359,738,368/);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('what disagrees is named', () => {
  const disagreeing = async (tensors: Tensors, value: object = small): Promise<string> => {
    const { status, stdout } = await count(checkpoint(tensors), '--config', config(value));
    expect(status).toBe(1);
    return stdout.replaceAll(/\n {4,}/g, ' ');
  };

  test('a tensor that is missing', async () => {
    const { 'h.1.mlp.c_fc.bias': _gone, ...tensors } = tensorsOf(small);
    const text = await disagreeing(tensors);
    expect(text).toMatch(/1 missing, 0 of another shape, 0 left over/);
    expect(text).toMatch(/missing +h\.1\.mlp\.c_fc\.bias \[6\]/);
  });

  test('one that is left over, of a layer too many or of nothing known', async () => {
    const tensors = { ...tensorsOf(small), 'h.2.ln_1.bias': [4], 'a\u001b[31m': [1] };
    const text = await disagreeing(tensors);
    expect(text).toMatch(/0 missing, 0 of another shape, 2 left over/);
    expect(text).toContain('h.2.ln_1.bias [4]');
    expect(text).toContain(String.raw`"a\u001b[31m"`);
  });

  test('one of another shape: a transposed matrix, another context', async () => {
    const tensors = { ...tensorsOf(small), 'h.0.mlp.c_fc.weight': [6, 4], 'wpe.weight': [7, 4] };
    const text = await disagreeing(tensors);
    expect(text).toMatch(/0 missing, 2 of another shape/);
    expect(text).toContain('h.0.mlp.c_fc.weight: expected [4, 6], got [6, 4]');
    expect(text).toContain('wpe.weight: expected [5, 4], got [7, 4]');
  });

  test('an output of its own that is not there, and one that should not be', async () => {
    const untied = { ...small, tiedOutput: false };
    expect(await disagreeing(tensorsOf(small), untied)).toMatch(
      /missing +lm_head\.weight \[11, 4\]: the output, which is not tied to the token table/,
    );
    expect(await disagreeing(tensorsOf(untied), small)).toMatch(/left over +lm_head\.weight/);
  });

  test('another architecture altogether', async () => {
    const text = await disagreeing(tensorsOf({ ...small, family: 'bert' }));
    expect(text).toMatch(/DISAGREES with gpt/);
    expect(text).toMatch(/and \d+ more/);
  });

  test('part of a tensor that another prefix has', async () => {
    const { 'ln_f.bias': shape = [], ...tensors } = tensorsOf(small);
    const text = await disagreeing({ ...tensors, 'other.ln_f.bias': shape });
    expect(text).toMatch(/1 missing, 0 of another shape, 1 left over/);
  });
});

describe('what cannot be read: status 2, one line', () => {
  const sound = checkpoint(tensorsOf(small));
  test.each<readonly [string, readonly string[], RegExp]>([
    ['no file named', [], /count: expected --safetensors FILE, got nothing/],
    ['no file', ['--safetensors', join(folder, 'none')], /--safetensors: .*could not be read/],
    ['a folder', ['--safetensors', folder], /expected a file, got a folder/],
    ['no checkpoint', ['--safetensors', config('hello')], /--safetensors: .*, byte 0: expected/],
    ['no config', ['--safetensors', sound, '--config', join(folder, 'none')], /--config: .*read/],
    ['no JSON', ['--safetensors', sound, '--config', config('{')], /expected JSON, got "\{"/],
    ['a list', ['--safetensors', sound, '--config', config([1])], /expected a JSON object/],
    ['nothing known', ['--safetensors', sound, '--config', config({ a: 1 })], /expected family/],
    [
      'another model',
      ['--safetensors', sound, '--config', config({ model_type: 't5' })],
      /model_type/,
    ],
    [
      'a size that is missing',
      ['--safetensors', sound, '--config', config({ ...gpt2Small, n_layer: undefined })],
      /n_layer/,
    ],
    [
      'heads that do not divide',
      ['--safetensors', sound, '--config', config({ ...small, heads: 3 })],
      /architecture\.heads: expected a divisor of the width/,
    ],
    [
      'a billion layers',
      ['--safetensors', sound, '--config', config({ ...small, layers: 1e9 })],
      /expected at most 10000 layers/,
    ],
  ])('%s', async (_title, argv, wanted) => {
    const { status, stdout, stderr } = await call(['count', ...argv]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(wanted);
  });
});
