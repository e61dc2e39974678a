import fc, { type Arbitrary } from 'fast-check';
import type { z } from 'zod';
import type { Architecture } from '../accounting/architecture.ts';
import type { families } from '../accounting/architecture.ts';
import type { Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { sizeOf, type IntegerTensor } from '../tensor.ts';
import type { Tokenizer } from './bundleParts.ts';
import { ownNaming } from './bundleParts.ts';
import { expectedTensors } from './checkpoint/expected.ts';
import { uint8 } from './content.ts';
import { writeSafetensors, type Held } from './file.ts';

/** Parts before they are written: what is drawn, and changed. */
export interface Draft {
  readonly tokenizer?: Tokenizer | undefined;
  readonly vocabulary?: readonly string[] | undefined;
  readonly architecture?: Architecture | undefined;
  readonly weights?: readonly Held[] | undefined;
}

export interface Bundle {
  readonly tokenizer?: Tokenizer | undefined;
  readonly vocabulary?: readonly string[] | undefined;
  readonly architecture?: z.input<typeof families> | undefined;
  readonly weights?: IntegerTensor | undefined;
}

export const bundleOf = ({ weights, ...rest }: Draft): Bundle => ({
  ...rest,
  ...(weights === undefined
    ? {}
    : { weights: uint8(writeSafetensors({ tensors: weights, metadata: [] })) }),
});

/** A tensor of 16-bit numbers. */
export function weight(name: string, shape: readonly number[]): Held {
  const next = randomStream(name.length + sizeOf(shape));
  const bytes = Uint8Array.from({ length: 2 * sizeOf(shape) }, () => Math.floor(next() * 256));
  return { name, dtype: 'F16', shape, bytes };
}

/** All the tensors of an architecture. */
export const weightsOf = (architecture: Architecture): readonly Held[] =>
  expectedTensors(architecture, { naming: ownNaming(architecture.family), prefix: '' }).map(
    ({ name, shape }) => weight(name, shape),
  );

const letters = ['a', 'b', '\u00e9', '\u{1f600}'] as const;

/** So many tokens: [UNK], letters, and pairs of what is there, each with its merge. */
export function tokensOf(
  count: number,
  seed: number,
): { readonly vocabulary: readonly string[]; readonly merges: [string, string][] } {
  const next = randomStream(seed);
  const vocabulary: string[] = ['[UNK]', ...letters].slice(0, count);
  const merges: [string, string][] = [];
  while (vocabulary.length < count) {
    const draw = () => vocabulary[1 + Math.floor(next() * (vocabulary.length - 1))] ?? 'a';
    const [left, right] = [draw(), draw()];
    if (vocabulary.includes(left + right)) continue;
    merges.push([left, right]);
    vocabulary.push(left + right);
  }
  return { vocabulary, merges };
}

const architectures = (level: Level): Arbitrary<Architecture> => {
  const size = fc.integer({ min: 1, max: level === 'scale' ? 6 : 3 });
  return fc
    .record({
      family: fc.constantFrom('gpt', 'bert', 'encoderDecoder'),
      vocabulary: fc.integer({ min: 2, max: level === 'scale' ? 30 : 9 }),
      context: size,
      layers: fc.integer({ min: 1, max: level === 'scale' ? 4 : 2 }),
      heads: fc.integer({ min: 1, max: 2 }),
      headWidth: size,
      feedForwardWidth: size,
      biases: fc.boolean(),
      flag: fc.boolean(),
      segments: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ family, headWidth, flag, segments, ...rest }) => {
      const sizes = { ...rest, width: rest.heads * headWidth };
      if (family === 'gpt') return { family: 'gpt', ...sizes, tiedOutput: flag };
      if (family === 'bert') return { family: 'bert', ...sizes, segments, pooler: flag };
      return { family: 'encoderDecoder', ...sizes };
    });
};

/** Four parts that agree. */
const sound = (level: Level): Arbitrary<Draft> =>
  fc.tuple(architectures(level), fc.boolean(), fc.nat()).map(([architecture, byPairs, seed]) => {
    const { vocabulary, merges } = tokensOf(architecture.vocabulary, seed);
    const tokenizer: Tokenizer = byPairs
      ? { kind: 'bytePair', merges }
      : { kind: 'wordPiece', unknown: '[UNK]' };
    return { tokenizer, vocabulary, architecture, weights: weightsOf(architecture) };
  });

type Change = (draft: Draft, at: number) => Draft;

/** A change of the architecture alone. */
const otherwise =
  (change: (architecture: Architecture) => Architecture): Change =>
  (draft) =>
    draft.architecture === undefined
      ? draft
      : { ...draft, architecture: change(draft.architecture) };

const ofWeights =
  (change: (weights: readonly Held[], at: number) => readonly Held[]): Change =>
  (draft, at) =>
    draft.weights === undefined
      ? draft
      : { ...draft, weights: change(draft.weights, at % Math.max(1, draft.weights.length)) };

const ofVocabulary =
  (change: (vocabulary: readonly string[], at: number) => readonly string[]): Change =>
  (draft, at) =>
    draft.vocabulary === undefined
      ? draft
      : {
          ...draft,
          vocabulary: change(draft.vocabulary, at % Math.max(1, draft.vocabulary.length)),
        };

/** What may be wrong with a bundle. */
export const changes: readonly Change[] = [
  ({ tokenizer: _tokenizer, ...rest }) => rest,
  ({ vocabulary: _vocabulary, ...rest }) => rest,
  ({ architecture: _architecture, ...rest }) => rest,
  ({ weights: _weights, ...rest }) => rest,
  (draft) => ({
    ...draft,
    tokenizer: {
      kind: 'bytePair',
      merges: [
        ['a', 'zz'],
        ['zz', 'a'],
      ],
    },
  }),
  (draft) => ({ ...draft, tokenizer: { kind: 'wordPiece', unknown: '<unk>' } }),
  ofVocabulary((vocabulary) => [...vocabulary, '<pad>']),
  ofVocabulary((vocabulary, at) => vocabulary.toSpliced(at, 1)),
  ofVocabulary((vocabulary, at) => vocabulary.toSpliced(at, 1, vocabulary[0] ?? '')),
  otherwise((one) => ({ ...one, vocabulary: one.vocabulary + 1 })),
  otherwise((one) => ({ ...one, context: one.context + 1 })),
  otherwise((one) => ({ ...one, layers: one.layers + 1 })),
  otherwise((one) => ({ ...one, feedForwardWidth: one.feedForwardWidth + 1 })),
  otherwise((one) => ({ ...one, width: 2 * one.width })),
  otherwise((one) => ({ ...one, heads: 1 })),
  otherwise((one) => ({ ...one, biases: !one.biases })),
  otherwise((one) => (one.family === 'gpt' ? { ...one, tiedOutput: !one.tiedOutput } : one)),
  otherwise((one) => (one.family === 'bert' ? { ...one, pooler: !one.pooler } : one)),
  ofWeights((weights, at) => weights.toSpliced(at, 1)),
  ofWeights((weights) => [...weights, weight('\u00e9.extra', [2])]),
  ofWeights((weights) => [...weights, weight('empty', [0])]),
  ofWeights((weights, at) =>
    weights.map((one, i) => (i === at ? { ...one, name: `${one.name}_` } : one)),
  ),
  ofWeights((weights) => weights.map((one) => ({ ...one, shape: one.shape.toReversed() }))),
  ofWeights((weights, at) =>
    weights.map((one, i) => (i === at ? { ...one, shape: [1, ...one.shape] } : one)),
  ),
];

/** Bundles that agree, and such as one to three changes were made to. */
export const bundles = (level: Level): Arbitrary<Bundle> =>
  fc
    .tuple(
      sound(level),
      fc.array(fc.tuple(fc.constantFrom(...changes), fc.nat()), { maxLength: 3 }),
    )
    .map(([draft, some]) => bundleOf(some.reduce((made, [change, at]) => change(made, at), draft)));
