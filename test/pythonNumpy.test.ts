import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings, firstFailure } from '../conformance/checking/check.ts';
import { startProcess } from '../conformance/implementations/process/index.ts';
import { names, type Name } from '../spec/index.ts';

const adapter = join(import.meta.dirname, '../conformance/implementations/python-numpy/adapter.py');
const source = readFileSync(adapter, 'utf8');

/** A Python with numpy: the one on the path, or Debian's. */
const python = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import numpy']).status === 0,
);

/** What the adapter offers: every function below `@component`, every class below `@session`. */
const offered = names.filter((name) =>
  new RegExp(String.raw`^@component\ndef ${name}\(|^@session\nclass ${name}:`, 'm').test(source),
);

/** One formula of the adapter, broken: which component must be refused, what stands there, and what is put there. */
const breaks: readonly (readonly [Name, string, string])[] = [
  ['softmax', 'math.nan if emptyRow == "nan" else 0)', '0)'],
  [
    'logSoftmax',
    'return shifted - np.log(np.exp(shifted).sum',
    'return shifted - np.log2(np.exp(shifted).sum',
  ],
  [
    'logSoftmax',
    'shifted = logits - logits.max(-1, keepdims=True, initial=-np.inf)',
    'shifted = logits - logits.max(-1, keepdims=True, initial=0)',
  ],
  [
    'temperature',
    'return distribution(logits, temperature) if temperature > 0',
    'return distribution(logits, temperature ** 2) if temperature > 0',
  ],
  [
    'topK',
    'return filtered(largestK, logits, k, ties)',
    'return filtered(largestK, logits, k + 1, ties)',
  ],
  [
    'topP',
    'return filtered(nucleus, logits, p, boundary)',
    'return filtered(nucleus, logits, p * 0.9, boundary)',
  ],
  [
    'minP',
    'probabilities >= p * probabilities.max(-1, keepdims=True, initial=0)',
    'probabilities >= p',
  ],
  ['samplingDistribution', 'seen = temperature if order == "temperatureFirst" else 1', 'seen = 1'],
  ['samplingDistribution', '(nucleus, topP), (probableEnough, minP)', '(nucleus, topP)'],
  ['sampleToken', 'side="right"', 'side="left"'],
  ['greedyToken', 'logits.argmax(-1)', 'logits.shape[-1] - 1 - logits[..., ::-1].argmax(-1)'],
  ['causalMask', 'keyLength - queryLength if', 'keyLength - queryLength - 1 if'],
  ['attentionWeights', '(1 / math.sqrt(width) if scale is None', '(1 / width if scale is None'],
  ['attentionWeights', 'scores if mask is None else only(mask, scores)', 'scores'],
  ['scaledDotProductAttention', 'if causal else scores', 'if False else scores'],
  [
    'scaledDotProductAttention',
    'output = weights @ value',
    'output = np.round(weights, 3) @ value',
  ],
  ['cachedAttention', 'self.kept = key, value', 'self.kept = key, value[..., ::-1, :]'],
  ['cachedAttention', 'None, causal=True)', 'None, causal=False)'],
  [
    'multiHeadAttention',
    'heads, width // heads).swapaxes(1, 2)',
    'width // heads, heads).swapaxes(2, 3).swapaxes(1, 2)',
  ],
  [
    'multiHeadAttention',
    'attend(scores, split(memory, valueWeight, valueBias))',
    'attend(scores, split(memory, keyWeight, valueBias))',
  ],
  ['linear', 'input @ weight + bias', 'input @ weight - bias'],
  [
    'gelu',
    '0.5 * input * np.vectorize(math.erfc, otypes=[float])(-input / math.sqrt(2))',
    '0.5 * input * (1 + np.vectorize(math.erf, otypes=[float])(input / math.sqrt(2)))',
  ],
  ['gelu', '0.044715', '0.044175'],
  ['layerNorm', 'np.sqrt(variance + epsilon)', '(np.sqrt(variance) + epsilon)'],
  [
    'layerNorm',
    '(centred * centred).sum(-1, keepdims=True) / input.shape[-1]',
    '(centred * centred).sum(-1, keepdims=True) / max(1, input.shape[-1] - 1)',
  ],
  ['dotProduct', 'return (a * b).sum(-1)', 'return (a * b).astype("float16").sum(-1)'],
  ['cosineSimilarity', 'np.sqrt((a * a).sum(-1)) * np.sqrt((b * b).sum(-1))', '(a * a).sum(-1)'],
  ['squaredEuclideanDistance', 'return ((a - b) ** 2).sum(-1)', 'return (abs(a - b)).sum(-1)'],
  [
    'euclideanDistance',
    'return np.sqrt(squaredEuclideanDistance(a=a, b=b))',
    'return squaredEuclideanDistance(a=a, b=b)',
  ],
  ['nearestNeighbors', 'scores if metric == "euclidean" else -scores', '-scores'],
  ['nearestNeighbors', 'return known[best]', 'return best'],
  ['outputShapes', '[*shaped(sizes, annotation)]', '[*shaped(sizes, annotation)][::-1]'],
  ['parameterCount', '(layers * norms + (not both)) * 2 * width', 'layers * norms * 2 * width'],
  [
    'weightMemory',
    'parameters * Fraction(bitsPerWeight) / 8',
    'parameters * Fraction(bitsPerWeight) // 8',
  ],
  ['kvCacheMemory', '2 * layers * kvHeads', 'layers * kvHeads'],
  ['pqCompression', '(centroids - 1).bit_length()', 'centroids.bit_length()'],
];

describe.runIf(python !== undefined)(`the numpy adapter, on ${python}`, () => {
  const settings = { ...defaultSettings, runs: 40 };
  let folder = '';
  let sound: Awaited<ReturnType<typeof startProcess>> | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-numpy-'));
    sound = await startProcess(`exec ${python} '${adapter}'`);
  });
  afterAll(async () => {
    await sound?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(offered)(
    'passes %s',
    async (name) => {
      if (sound === undefined) throw new Error('the adapter did not start');
      const { verdict, failures } = await checkComponent(name, sound, settings);
      expect({ verdict, failures }).toEqual({ verdict: 'pass', failures: [] });
    },
    60_000,
  );

  test.each(breaks)(
    'is refused when %s computes otherwise: %s',
    async (name, formula, broken) => {
      expect(source.split(formula)).not.toHaveLength(1);
      const file = join(folder, 'adapter.py');
      writeFileSync(
        file,
        source.replace(formula, () => broken),
      );
      const mutant = await startProcess(`exec ${python} '${file}'`);
      try {
        const { failure } = await firstFailure(name, mutant, { ...defaultSettings });
        expect(failure).toMatchObject({ at: expect.not.stringMatching(/^broken$/) });
      } finally {
        await mutant.close();
      }
    },
    60_000,
  );
});

test('there is a Python with numpy to try the adapter on, or this says that there is none', () => {
  expect(offered).toHaveLength(27);
  if (python === undefined)
    console.warn('python3-numpy is not installed: the numpy adapter was not tried');
  expect(offered.filter((name) => !breaks.some(([broken]) => broken === name))).toEqual([]);
});
