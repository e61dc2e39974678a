import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isRendered } from '../../reference/render.ts';
import { exactDigits } from '../../conformance/judging/exact.ts';
import { plainFormula } from '../../conformance/explain/formula.ts';
import { names, spec, type Name } from '../../spec/index.ts';
import { mutants } from '../mutants/index.ts';
import { call, scratch } from './call.ts';

const folder = scratch();

const explain = async (name: Name, ...rest: readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await call(['explain', name, ...rest]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
};

/** Lines of a page, one after another without a gap. */
const block = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

describe('explain names every step as in the formula', () => {
  test('softmax: the scores of ‘cat’', async () => {
    const page = await explain('softmax');
    expect(page).toContain('Formula\n  p_j = e^(x_j − max x) / Σ_i e^(x_i − max x)\n');
    expect(page).toContain(
      block('Shapes', '  logits           [4], of [..., V]', '  → probabilities  [4], of [..., V]'),
    );
    expect(page).toContain(
      block(
        'Step by step, to 5 digits',
        '  max x = max(0.247, 0.399, 0.753, 0.488) = 0.753',
        '  e^(x_j − max x)',
        '    the     0.6029   = e^(0.247 − 0.753)',
        '    big     0.70187  = e^(0.399 − 0.753)',
        '    animal  1        = e^(0.753 − 0.753)',
        '    runs    0.76721  = e^(0.488 − 0.753)',
        '  Σ_i e^(x_i − max x) = 0.6029 + 0.70187 + 1 + 0.76721 = 3.072',
        '  p_j',
        '    the     0.19626  = 0.6029 / 3.072',
        '    big     0.22848  = 0.70187 / 3.072',
        '    animal  0.32552  = 1 / 3.072',
        '    runs    0.24974  = 0.76721 / 3.072',
      ),
    );
    expect(page).toContain('· p_j: 0.20, 0.23, 0.33, 0.25; which is right\n');
  });

  test('temperature: both rows of the notes are wrong', async () => {
    const page = await explain('temperature');
    expect(page).toContain(
      block(
        '  (x_j − max x) / T',
        '    animal    0        = (−0.91629 − (−0.91629)) / 0.1',
        '    big       −4.7     = (−1.3863 − (−0.91629)) / 0.1',
      ),
    );
    expect(page).toContain('    big       0.0090125    = 0.0090949 / 1.0092\n');
    const flat = page.replaceAll(/\s+/g, ' ');
    expect(flat).toContain('p_j: 0.85, 0.12, 0.02, 0.01, 0.00; but it is 0.99093, 0.0090125,');
    expect(flat).toContain(
      'p_j: 0.28, 0.23, 0.19, 0.16, 0.14; but it is 0.30708, 0.24277, 0.18805, 0.15354, 0.10857',
    );
  });

  test('topP: which words are kept, and why', async () => {
    const page = await explain('topP');
    expect(page).toContain(
      block(
        '  mass up to and with j',
        '    animal    0.40816',
        '    big       0.66327  = 0.40816 + 0.2551',
        '    sleeping  0.81633  = 0.40816 + 0.2551 + 0.15306',
      ),
    );
    expect(page).toContain('  K = {animal, big, sleeping}\n');
    expect(page).toContain('    big       0.3125  = 0.625 / 2\n');
    expect(page).toContain('· probabilities: 0.5, 0.31, 0.19; which is right\n');
  });

  test('scaledDotProductAttention: scores, scaled scores, weights, output', async () => {
    const page = await explain('scaledDotProductAttention');
    expect(page).toContain('  O = softmax(Q Kᵀ / √D + M) V\n');
    expect(page).toContain(
      block(
        '  scale = 1 / √D = 1 / √3 = 0.57735',
        '  q · k_j',
        '    the     0.247  = 0.77 · 0.1 + 0.27 · 0.2 + 0.29 · 0.4',
        '    big     0.399  = 0.77 · 0.2 + 0.27 · 0.8 + 0.29 · 0.1',
        '    animal  0.753  = 0.77 · 0.8 + 0.27 · 0.4 + 0.29 · 0.1',
        '    runs    0.488  = 0.77 · 0.3 + 0.27 · 0.2 + 0.29 · 0.7',
        '  s_j = scale · q · k_j',
        '    the     0.14261  = 0.57735 · 0.247',
      ),
    );
    expect(page).toContain('    animal  0.2924   = 1 / 3.4199\n');
    expect(page).toContain(
      '    0  0.4448   = 0.21833 · 0.1 + 0.23835 · 0.6 + 0.2924 · 0.7 + 0.25092 · 0.3\n',
    );
    expect(page).toContain('  → output  [1, 3], of [..., Lq, E]\n');
    expect(page).toContain('· q · k_j: 0.247, 0.399, 0.753, 0.488; which is right\n');
  });

  test('attentionWeights: the weights that the notes print, without the division by √D', async () => {
    const page = await explain('attentionWeights');
    expect(page).toContain('· weights: 0.20, 0.23, 0.33, 0.25; which is right\n');
  });

  test('multiHeadAttention: the key of ‘animal’ is another than the notes print', async () => {
    const page = await explain('multiHeadAttention');
    expect(page).toContain('    animal  [0.69, 0.37, 0.35]\n');
    expect(page).toContain('· Q = X W_Q: 0.77, 0.27, 0.29; which is right\n');
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      '0.8, 0.4, 0.1, 0.3, 0.2, 0.7; but it is 0.39, 0.67, 0.53,',
    );
  });

  test('nearestNeighbors: the three cosines of the pets are wrong in the notes', async () => {
    const page = await explain('nearestNeighbors');
    expect(page).toContain(
      block(
        '  — vector 0',
        '  a · b = 0.72 · 0.82 + 0.31 · 0.31 + 0.18 · 0.15 = 0.7135',
        '  ‖a‖ = √(0.72 · 0.72 + 0.31 · 0.31 + 0.18 · 0.18) = 0.8043',
        '  ‖b‖ = √(0.82 · 0.82 + 0.31 · 0.31 + 0.15 · 0.15) = 0.88938',
        '  ‖a‖ ‖b‖ = √(0.6469 · 0.791) = 0.71533',
        '  cos(a, b) = 0.7135 / 0.71533 = 0.99744',
      ),
    );
    expect(page).toContain('  top_k = {doc2, doc1, doc3}\n');
    expect(page).toContain('· s(q, v_j): 0.94, 0.96, 0.32; but it is 0.99744, 0.99977, 0.55334\n');
  });

  test('layerNorm: mean, deviations, variance, root', async () => {
    const page = await explain('layerNorm');
    expect(page).toContain('  μ = (1 + 2 + 3 + 4) / 4 = 2.5\n');
    expect(page).toContain('  √(v + ε) = √(1.25 + 0.00001) = 1.118\n');
    expect(page).toContain('    3  1.5979    = 1.5 / 1.118 · 1.75 − 0.75\n');
  });

  test('pqEncode: 768 dimensions in 8 chunks', async () => {
    const page = await explain('pqEncode');
    expect(page).toContain('  — chunk 2\n');
    expect(page).toContain('  ‖x − c_k‖² = [3.84, 0.24, 8.64, 29.04]\n  k_m = 1\n');
    expect(page).toContain('  codes  [0, 0, 1, 1, 2, 2, 2, 3]\n');
  });

  test('outputShapes: 10 tokens of width 3 attend to each other in a matrix of 10 × 10', async () => {
    const page = await explain('outputShapes');
    expect(page).toContain('  σ = { Lq: 10, D: 3, Lk: 10 }\n');
    expect(page).toContain('  weights = σ([..., Lq, Lk]) = [10, 10]\n');
  });

  test('pqCompression: 384 times smaller', async () => {
    const page = await explain('pqCompression');
    expect(page).toContain('  D b / (M ⌈log₂ K⌉) = 24576 / 64 = 384\n');
  });

  test('a reference without names is shown line by line', async () => {
    const page = await explain('repetitionPenalty');
    expect(page).toMatch(/Line by line, to 5 digits\n {5}1 {2}\S+ = \S+ [/·] \S+\n/);
  });
});

const stepSchema = z.looseObject({
  name: z.string(),
  list: z.array(z.looseObject({ digits: z.string() })).optional(),
});
const pageSchema = z.looseObject({
  formula: z.string(),
  examples: z
    .array(
      z.looseObject({
        steps: z.array(stepSchema),
        operationCount: z.number(),
        output: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1),
});
const jsonOf = async (name: Name, ...rest: readonly string[]) =>
  pageSchema.parse(JSON.parse(await explain(name, '--json', ...rest)));

describe.each(names)('explain %s', (name) => {
  test('fits in 80 columns, shows formula and laws', async () => {
    const page = await explain(name);
    expect(page.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
    const flat = page.replaceAll(/\s+/g, ' ');
    expect(flat).toContain(plainFormula(spec[name].formula).replaceAll(/\s+/g, ' '));
    for (const law of Object.keys(spec[name].laws)) expect(flat).toContain(`· ${law}`);
    expect(flat).toContain('Answer');
  });

  test('--json is of the same examples', async () => {
    const { examples, formula } = await jsonOf(name);
    expect(formula).toBe(spec[name].formula);
    expect(examples).toHaveLength(spec[name].worked?.length ?? 1);
    for (const { output } of examples) expect(Object.keys(output).length).toBeGreaterThan(0);
  });
});

describe('what is told agrees with what is answered', () => {
  test.for([
    ['scaledDotProductAttention', 'o = Σ_j w_j v_j', 'output'],
    ['softmax', 'p_j', 'probabilities'],
    ['topK', 'p_j of K', 'probabilities'],
    ['temperature', 'p_j', 'probabilities'],
    ['gelu', 'y = x Φ(x)', 'output'],
    ['lstmCell', "c' = f ⊙ c + i ⊙ g", 'state.cell'],
    ['layerNorm', 'y_i', 'output'],
    ['linear', 'y_o', 'output'],
  ] as const)('%s: %s', async ([name, step, output]) => {
    const { examples } = await jsonOf(name, '--digits', '20');
    for (const { steps, output: answers } of examples) {
      const told = steps
        .filter(({ name: of }) => of === step)
        .flatMap(({ list = [] }) => list.map(({ digits }) => digits));
      expect(answers[output]).toMatchObject({ digits: told });
    }
  });
});

test('--digits: as many as are asked for, and those of a second opinion', async () => {
  const [worked] = spec.softmax.worked ?? [];
  const input = spec.softmax.input.parse(worked?.input);
  const probabilities = exactDigits('softmax', input, 20, 'mathjs').get('probabilities');
  const { examples } = await jsonOf('softmax', '--digits', '20');
  expect(examples[0]?.output['probabilities']).toEqual({
    shape: [4],
    digits: isRendered(probabilities) ? probabilities.values : [],
  });
  const { status, stderr } = await call(['explain', 'softmax', '--digits', '0']);
  expect(status).toBe(2);
  expect(stderr).toContain('--digits: expected an integer from 1 to 50, got 0');
});

/** An input in a file. */
function saved(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const vector = (...data: readonly number[]) => ({ dtype: 'float32', shape: [data.length], data });

describe('--input', () => {
  test('explains an input of the user’s own', async () => {
    const path = saved('own.json', JSON.stringify({ logits: vector(0, 0) }));
    const page = await explain('softmax', '--input', path);
    expect(page).toContain('  probabilities  [0.5, 0.5]\n');
    expect(page).not.toContain('notes');
  });

  const wrong = (title: string, name: Name, text: string, message: string) =>
    [title, name, text, message] as const;
  test.for([
    wrong('no JSON', 'softmax', '{"logits":', 'expected JSON: '),
    wrong('a list', 'softmax', '[1, 2]', 'expected an object of fields'),
    wrong('a field too few', 'softmax', '{}', 'softmax.logits: expected a float tensor [..., V]'),
    wrong(
      'a field too many',
      'softmax',
      JSON.stringify({ logits: vector(1), heat: 1 }),
      'Unrecognized key: "heat"',
    ),
    wrong(
      'shapes that disagree',
      'dotProduct',
      JSON.stringify({ a: vector(1, 2), b: vector(1, 2, 3) }),
      'dotProduct.b: expected D = 2 as elsewhere, got 3',
    ),
    wrong(
      'a tensor that holds fewer numbers than its shape says',
      'softmax',
      '{"logits":{"dtype":"float32","shape":[3],"data":[1]}}',
      'data: expected base64 text or 3 numbers, got 1 of them',
    ),
  ])('%s: a clear message, and status 2', async ([, name, text, message]) => {
    const path = saved('wrong.json', text);
    const { status, stdout, stderr } = await call(['explain', name, '--input', path]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('touchstone: --input: ');
    expect(stderr).toContain(message);
  });

  test.for(['missing.json', '.'])('%s cannot be read', async (file) => {
    const { status, stderr } = await call(['explain', 'softmax', '--input', join(folder, file)]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^touchstone: --input: \S+: could not be read: [A-Z]+/);
  });

  test('one that takes more operations than anybody could follow', async () => {
    const wide = { dtype: 'float32', shape: [200_000], data: new Array(200_000).fill(0) };
    const path = saved('long.json', JSON.stringify({ logits: wide }));
    const { status, stderr } = await call(['explain', 'softmax', '--input', path]);
    expect(status).toBe(2);
    expect(stderr).toContain('expected an input small enough to follow');
  });
});

describe('--break', () => {
  test.for([
    ['softmax', 'sums to one'],
    ['topP', 'keeps a likeliest token'],
    ['layerNorm', 'treats each row by itself'],
    ['cosineSimilarity', 'is one for a vector and itself'],
    ['nearestNeighbors', 'begins with the same scores when more are asked for'],
  ] as const)('%s: a mutant that breaks ‘%s’', { timeout: 120_000 }, async ([name, law]) => {
    const page = await explain(name, '--break', law);
    expect(page.startsWith(`${name}: ‘${law}’\n`)).toBe(true);
    const [, id = ''] = /\nbroken by {2}(\S+) \(/.exec(page) ?? [];
    expect(mutants[name].mutants.map((mutant) => mutant.id)).toContain(id);
    expect(page).toMatch(/\nit says {4}\S/);
    expect(page).toMatch(/\nInput( 1)?\n {2}\S/);
    expect(page).toMatch(/\nWhat it answers( to 1)?\n {2}\S/);
    expect(page.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });

  test('--json names the law, the mutant, every input and its answer', async () => {
    const page: unknown = JSON.parse(await explain('topP', '--break', 'keeps', '--json'));
    expect(page).toMatchObject({
      name: 'topP',
      law: 'keeps a likeliest token',
      broken: {
        id: 'rising-order',
        disturbed: false,
        message: 'row 0: no token with the greatest logit is kept',
        answers: [{ answer: { probabilities: { dtype: 'float32' } } }],
      },
    });
  });

  test('says plainly where no mutant breaks a law, and spoils an answer', async () => {
    const law = 'gives ids of the vocabulary';
    const page = await explain('wordPieceEncode', '--break', law);
    const count = mutants.wordPieceEncode.mutants.length;
    const text = page.replaceAll(/\s+/g, ' ');
    expect(text).toContain(`none of the ${count} mutants of wordPieceEncode on the inputs`);
    expect(text).toContain('an answer that is spoilt by another amount for every input breaks it');
    expect(page).toContain('is not what its id stands for');
    const json: unknown = JSON.parse(await explain('wordPieceEncode', '--break', law, '--json'));
    expect(json).toMatchObject({ law, broken: { id: 'counted', disturbed: true } });
  });

  test.for([
    ['softmax', 'sum to one', 'did you mean sums to one?'],
    ['softmax', 'nothing like it', 'expected a law of softmax, got "nothing like it"'],
    ['attentionWeights', 'follows', 'expected one law, "follows" begins 2:\n  follows a permut'],
  ] as const)('%s --break %s: status 2, with the laws', async ([name, law, message]) => {
    const { status, stdout, stderr } = await call(['explain', name, '--break', law]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\n {2}\S/);
  });

  test('takes no input besides', async () => {
    const argv = ['explain', 'softmax', '--break', 'sums', '--input', 'x.json'];
    const { status, stderr } = await call(argv);
    expect(status).toBe(2);
    expect(stderr).toContain('--input and --break: expected one of the two, got both');
  });
});

test('an unknown component is called wrongly', async () => {
  const { status, stderr } = await call(['explain', 'softmx']);
  expect(status).toBe(2);
  expect(stderr).toContain('did you mean softmax?');
});
