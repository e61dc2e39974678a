import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings, firstFailure } from '../conformance/checking/check.ts';
import { readKnownFailures } from '../conformance/cli/knownFailures.ts';
import { startProcess } from '../conformance/implementations/process/index.ts';
import { names, type Name } from '../spec/index.ts';

const folderOf = join(import.meta.dirname, '../conformance/implementations/python-torch');
const adapter = join(folderOf, 'adapter.py');
const source = readFileSync(adapter, 'utf8');
const known = readKnownFailures(join(folderOf, 'known-failures.json'));

/** A Python with the torch that the known failures are of: the one on the path, or Debian's. */
const python = ['python3', '/usr/bin/python3'].find((program) => {
  const { status, stdout } = spawnSync(program, ['-c', 'import torch; print(torch.__version__)']);
  return status === 0 && String(stdout).startsWith('1.13');
});

/** What the adapter offers: every function below `@component`, every gradient that is taken of one. */
const offered = names.filter((name) =>
  new RegExp(String.raw`^@component\ndef ${name}\(|^gradient\("${name}"`, 'm').test(source),
);

/** One formula of each component, broken: what stands there, and what is put there. They are put there all at once. */
const breaks: readonly (readonly [Name, string, string])[] = [
  [
    'softmax',
    'return torch.softmax(logits, -1)',
    'return torch.softmax(logits.bfloat16(), -1).float()',
  ],
  ['logSoftmax', 'torch.log_softmax(logits, -1)', 'torch.log(torch.softmax(logits, -1))'],
  ['topK', 'torch.topk(logits, min(k, ', 'torch.topk(logits, min(k + 1, '],
  ['greedyToken', 'torch.argmax(logits, -1)', '(-logits).argmin(-1).clamp(max=3)'],
  ['causalMask', 'keyLength - queryLength if', 'keyLength - queryLength - 1 if'],
  [
    'attentionWeights',
    'attended(query, key, key, mask, causal, scale)[1]',
    'attended(query, key, key, mask, False, scale)[1]',
  ],
  [
    'scaledDotProductAttention',
    'attended(query, key, value, mask, causal, scale)[0]',
    'attended(query, key, value, None, causal, scale)[0]',
  ],
  ['multiHeadAttention', 'v_proj_weight=valueWeight.T', 'v_proj_weight=valueWeight'],
  [
    'linear',
    'return F.linear(input, weight.T, bias)',
    'return F.linear(input, weight.T, bias if bias is None else -bias)',
  ],
  ['relu', 'return F.relu(input)', 'return F.leaky_relu(input)'],
  ['gelu', '"none" if form == "exact" else "tanh"', '"tanh"'],
  ['silu', 'F.silu(input)', 'F.hardswish(input)'],
  [
    'layerNorm',
    'F.layer_norm(input, gain.shape, gain, bias, epsilon)',
    'F.layer_norm(input, gain.shape, gain, bias)',
  ],
  ['addAndNorm', 'F.layer_norm(input + sublayer, ', 'F.layer_norm(input - sublayer, '],
  ['feedForward', 'F.relu(hidden) if', 'F.silu(hidden) if'],
  ['tokenEmbedding', 'F.embedding(ids, table)', 'F.embedding(ids, table, max_norm=1.0)'],
  ['learnedPositions', 'torch.arange(offset, offset + length)', 'torch.arange(length)'],
  ['unitNormalize', 'F.normalize(input, dim=-1)', 'F.normalize(input, p=1, dim=-1)'],
  [
    'dotProduct',
    'torch.linalg.vecdot(a, b)',
    'torch.linalg.vecdot(a.bfloat16(), b.bfloat16()).float()',
  ],
  [
    'cosineSimilarity',
    'return F.cosine_similarity(a, b, dim=-1)',
    'return F.cosine_similarity(a, b, dim=-1, eps=1e-3)',
  ],
  [
    'squaredEuclideanDistance',
    'F.mse_loss(a, b, reduction="none").sum(-1)',
    'F.mse_loss(a, b, reduction="none").mean(-1)',
  ],
  ['euclideanDistance', 'F.pairwise_distance(a, b, eps=0)', 'F.pairwise_distance(a, b)'],
  ['nearestNeighbors', 'largest=metric != "euclidean"', 'largest=True'],
  ['crossEntropy', 'label_smoothing=labelSmoothing, ', ''],
  [
    'sgdStep',
    'momentum=momentum, weight_decay',
    'momentum=momentum, nesterov=momentum > 0, weight_decay',
  ],
  ['adamStep', 'adamState(step - 1', 'adamState(step'],
  ['rnnCell', 'torch.rnn_tanh_cell', 'torch.rnn_relu_cell'],
  ['lstmCell', 'GATES = "inputGate", "forgetGate"', 'GATES = "forgetGate", "inputGate"'],
  ['encoderLayer', 'made(input, excluded(mask, heads))', 'made(input)'],
  ['decoderLayer', 'excluded(memoryMask, heads))', 'None)'],
  [
    'gradientClipping',
    'clip_grad_norm_(parameters, maxNorm)',
    'clip_grad_norm_(parameters, maxNorm, 1)',
  ],
  ['geluGradient', 'gelu, "input")', 'silu, "input")'],
  ['softmaxGradient', 'softmax, "logits"', 'logSoftmax, "logits"'],
  ['linearGradient', 'leaves.values(), outputGradient)', 'leaves.values(), outputGradient.sign())'],
  [
    'tokenEmbeddingGradient',
    'leaves.values(), outputGradient)',
    'leaves.values(), outputGradient.sign())',
  ],
  [
    'layerNormGradient',
    'leaves.values(), outputGradient)',
    'leaves.values(), outputGradient.sign())',
  ],
  [
    'feedForwardGradient',
    'leaves.values(), outputGradient)',
    'leaves.values(), outputGradient.sign())',
  ],
  [
    'attentionGradient',
    'leaves.values(), outputGradient)',
    'leaves.values(), outputGradient.sign())',
  ],
  [
    'crossEntropyGradient',
    'leaves.values(), outputGradient)',
    'leaves.values(), outputGradient.sign())',
  ],
  ['contrastiveLoss', 'cosines / temperature', 'cosines * temperature'],
  ['gpt', '"pre", earlier', '"post", earlier'],
  ['bert', '"post", mask[', '"pre", mask['],
  ['trainingStep', 'adamState(state["step"]', 'adamState(state["step"] + 1'],
];

describe.runIf(python !== undefined)(`the torch adapter, on ${python}`, () => {
  const settings = { ...defaultSettings, known };
  let folder = '';
  let sound: Awaited<ReturnType<typeof startProcess>> | undefined;
  let broken: Awaited<ReturnType<typeof startProcess>> | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-torch-'));
    const file = join(folder, 'adapter.py');
    writeFileSync(
      file,
      breaks.reduce((text, [, formula, other]) => text.replace(formula, () => other), source),
    );
    sound = await startProcess(`exec ${python} '${adapter}'`);
    broken = await startProcess(`exec ${python} '${file}'`);
  }, 60_000);
  afterAll(async () => {
    await sound?.close();
    await broken?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(offered)(
    'passes %s but for what is known',
    async (name) => {
      if (sound === undefined) throw new Error('the adapter did not start');
      const {
        verdict,
        failures,
        known: reports,
      } = await checkComponent(name, sound, {
        ...settings,
        runs: name === 'trainingStep' ? 8 : 40,
      });
      const isListed = known.some(({ component }) => component === name);
      expect({ verdict, failures }).toEqual({ verdict: isListed ? 'known' : 'pass', failures: [] });
      expect(reports.filter(({ occurs }) => !occurs)).toEqual([]);
    },
    60_000,
  );

  test.each(breaks)(
    'is refused when %s computes otherwise: %s',
    async (name, formula) => {
      if (broken === undefined) throw new Error('the broken adapter did not start');
      expect(source.split(formula)).not.toHaveLength(1);
      const { failure } = await firstFailure(name, broken, settings);
      expect(failure).toMatchObject({
        at: expect.not.stringMatching(/^broken$/),
        message: expect.not.stringMatching(/^failed: /),
      });
    },
    60_000,
  );
});

test('there is a Python with torch 1.13 to try the adapter on, or this says that there is none', () => {
  if (python === undefined)
    console.warn('python3-torch 1.13 is not installed: the torch adapter was not tried');
  expect(offered.filter((name) => !breaks.some(([other]) => other === name))).toEqual([]);
  const offeredNames = new Set<string>(offered);
  expect(known.filter(({ component }) => !offeredNames.has(component))).toEqual([]);
});
