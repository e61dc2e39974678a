import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { pythons } from '../conformance/implementations/python.ts';
import { unigramEncode } from '../conformance/implementations/tfjs/text/unigramEncode.ts';
import { judge } from '../conformance/judging/judge.ts';
import { references } from '../reference/index.ts';
import { randomStream } from '../spec/generate.ts';
import { spec } from '../spec/index.ts';
import type { Scored } from '../spec/text/segmentation.ts';

const adapter = join(
  import.meta.dirname,
  '../conformance/implementations/python-sentencepiece/adapter.py',
);
const asked = (program: string, script: string) =>
  spawnSync(program, ['-c', script], { cwd: dirname(adapter) });
const asksVersion = 'import sentencepiece; print(sentencepiece.__version__)';
const python = pythons.find((program) => asked(program, asksVersion).status === 0);
const version = python === undefined ? '' : String(asked(python, asksVersion).stdout);
if (python === undefined) console.warn('no python3 has sentencepiece: no model was trained');

/** What a model is trained on. */
const lines = [
  'The river runs low in summer, and the reeds along its banks are dry.',
  'In winter it runs high; nobody crosses it then.',
  'A ferryman lives by the old bridge, with a dog called Zo\u00EB.',
  'He rows people over for a coin, and tells them stories on the way.',
  'The stories are about the river, about the reeds, and about the bridge that fell.',
  'Nobody believes the stories, but everybody listens \u{1F600}.',
  'Summer after summer the ferryman tells them again,',
  'and winter after winter he writes them down: \u4F60\u597D, \u4F60\u597D, he begins.',
];

/** Texts of words, halves of words, and characters of the lines, with a space between them or without. */
function textsFrom(seed: number, count: number): readonly string[] {
  const next = randomStream(seed);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(next() * items.length)];
  const words = lines.flatMap((line) => line.split(' '));
  const characters = [...lines.join(' ')];
  const part = (): string => {
    const word = [...(pick(words) ?? '')];
    const kind = Math.floor(next() * 4);
    if (kind === 0) return pick(characters) ?? '';
    return kind === 1 ? word.slice(0, Math.ceil(next() * word.length)).join('') : word.join('');
  };
  return Array.from({ length: count }, () =>
    Array.from(
      { length: 1 + Math.floor(next() * 14) },
      () => (next() < 0.6 ? ' ' : '') + part(),
    ).join(''),
  );
}

const trainedSchema = z.strictObject({
  pieces: z.array(z.strictObject({ token: z.string(), logProbability: z.number() })),
  encoded: z.array(z.array(z.int().nonnegative())),
});

/** A model of SentencePiece's own, and how it encodes texts. */
function trained(texts: readonly string[]): z.infer<typeof trainedSchema> {
  const input = JSON.stringify({ lines, size: 90, texts });
  const { status, stdout, stderr } = spawnSync(python ?? '', [adapter, 'trained'], { input });
  if (status !== 0) throw new Error(String(stderr));
  return trainedSchema.parse(JSON.parse(String(stdout)));
}

/** Why a segmentation is not admitted of sums in float32, or nothing. */
function refusal(text: string, vocabulary: readonly Scored[], ids: readonly number[]) {
  const output = { tokens: ids.map((id) => vocabulary[id]?.token ?? ''), ids };
  const subject = { component: spec.unigramEncode, reference: references.unigramEncode };
  const { verdict } = judge(subject, { text, vocabulary: [...vocabulary] }, output, {
    accumulate: 'float32',
  });
  return verdict.status === 'pass' ? undefined : { text, verdict };
}

async function differences(
  texts: readonly string[],
  vocabulary: readonly Scored[],
  encoded: readonly (readonly number[])[],
): Promise<readonly number[]> {
  const own = await Promise.all(
    texts.map((text) => unigramEncode.run({ text, vocabulary: [...vocabulary] })),
  );
  return texts.flatMap((_, i) => (String(own[i]?.ids) === String(encoded[i]) ? [] : [i]));
}

describe.skipIf(python === undefined)('a model that SentencePiece has trained', () => {
  const texts = textsFrom(20261122, 500);
  const { pieces, encoded } = python === undefined ? { pieces: [], encoded: [] } : trained(texts);

  test('has pieces of several characters, and takes them', () => {
    expect(pieces.filter(({ token }) => [...token].length > 1).length).toBeGreaterThan(20);
    const taken = encoded.flat().map((id) => pieces[id]?.token ?? '');
    expect(taken.filter((token) => [...token].length > 1).length).toBeGreaterThan(1000);
    expect(encoded).toHaveLength(texts.length);
  });

  test('is encoded with as here, but for ties of sums in float32', async () => {
    const different = await differences(texts, pieces, encoded);
    expect(different.map((i) => refusal(texts[i] ?? '', pieces, encoded[i] ?? []))).toEqual(
      different.map(() => undefined),
    );
    expect(different.length).toBeLessThan(25);
  });

  test('is refused when its scores are others', async () => {
    const others = pieces.map(({ token, logProbability }) => ({
      token,
      logProbability: logProbability / [...token].length,
    }));
    const different = await differences(texts, others, encoded);
    const refused = different.filter(
      (i) => refusal(texts[i] ?? '', others, encoded[i] ?? []) !== undefined,
    );
    expect(refused.length).toBeGreaterThan(100);
  });
});

/** What the adapter tells before it is done, since nothing can be said of a process that is gone. */
const load = (text: string) => `from adapter import field
from sentencepiece import SentencePieceProcessor
def piece(text, kind):
    return field(1, field(1, text) + field(2, -1.0) + field(3, kind))
SentencePieceProcessor(model_proto=piece(b"${text}", 1) + piece(b"<unk>", 2))`;

test.skipIf(!version.startsWith('0.1.'))(
  'SentencePiece 0.1 ends the process that loads a piece that begins with NUL',
  () => {
    expect(asked(python ?? '', load('\\0')).signal).toBe('SIGABRT');
    expect(asked(python ?? '', load('a')).status).toBe(0);
  },
);
