import type { Architecture } from '../../spec/accounting/architecture.ts';
import { parametersOf, parameterTensors } from '../../spec/accounting/parameterTensors.ts';
import { ownNaming, type Disagreement } from '../../spec/artifacts/bundleParts.ts';
import { expectedTensors } from '../../spec/artifacts/checkpoint/expected.ts';
import { byCodePoints } from '../../spec/codePoints.ts';
import { readSafetensors, type Held } from '../../spec/artifacts/file.ts';
import { reproducibilityBundle as spec } from '../../spec/artifacts/reproducibilityBundle.ts';
import { sizeOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

type Found = readonly Disagreement[];
type Tokenizer =
  | { readonly kind: 'wordPiece'; readonly unknown: string }
  | { readonly kind: 'bytePair'; readonly merges: readonly (readonly string[])[] };

const absent = (parts: Readonly<Record<string, unknown>>): Found =>
  Object.entries(parts).flatMap(([at, part]) =>
    part === undefined ? [{ at, problem: 'missing' }] : [],
  );

const withinVocabulary = (vocabulary: readonly string[]): Found =>
  vocabulary.flatMap((token, id) =>
    vocabulary.indexOf(token) < id ? [{ at: `vocabulary.${id}`, problem: 'twice' }] : [],
  );

/** The tokens that a tokenizer names, by place. */
const tokensOf = (tokenizer: Tokenizer): readonly (readonly [string, readonly string[]])[] =>
  tokenizer.kind === 'wordPiece'
    ? [['tokenizer.unknown', [tokenizer.unknown]]]
    : tokenizer.merges.map((pair, rank) => [`tokenizer.merges.${rank}`, [...pair, pair.join('')]]);

const betweenTokens = (tokenizer: Tokenizer, vocabulary: readonly string[]): Found =>
  tokensOf(tokenizer).flatMap(([at, tokens]) =>
    tokens.every((token) => vocabulary.includes(token)) ? [] : [{ at, problem: 'unknown' }],
  );

const betweenSizes = (vocabulary: readonly string[], architecture: Architecture): Found =>
  vocabulary.length === architecture.vocabulary ? [] : [{ at: 'vocabulary', problem: 'size' }];

const numbersIn = (tensors: readonly Held[]): number =>
  tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

function betweenTensors(architecture: Architecture, tensors: readonly Held[]): Found {
  const expected = expectedTensors(architecture, {
    naming: ownNaming(architecture.family),
    prefix: '',
  });
  const at = (name: string) => `weights.${name}`;
  const shapeIn = (
    all: readonly { readonly name: string; readonly shape: readonly number[] }[],
    name: string,
  ) => all.find((one) => one.name === name)?.shape.join();
  const isWhole = BigInt(numbersIn(tensors)) === parametersOf(parameterTensors(architecture));
  return [
    ...expected.flatMap(({ name, shape }): Found => {
      const there = shapeIn(tensors, name);
      if (there === undefined) return [{ at: at(name), problem: 'missing' }];
      return there === shape.join() ? [] : [{ at: at(name), problem: 'shape' }];
    }),
    ...tensors.flatMap(({ name }): Found =>
      shapeIn(expected, name) === undefined ? [{ at: at(name), problem: 'leftOver' }] : [],
    ),
    ...(isWhole ? [] : [{ at: 'weights', problem: 'parameters' } as const]),
  ];
}

const inOrder = (found: Found): Found =>
  found.toSorted((a, b) => byCodePoints(a.at, b.at) || byCodePoints(a.problem, b.problem));

export const reproducibilityBundle = reference(spec, (_arithmetic, input) => {
  const { tokenizer, vocabulary, architecture, weights } = input;
  const tensors =
    weights === undefined ? undefined : readSafetensors(Uint8Array.from(weights.data)).tensors;
  const disagreements = inOrder([
    ...absent({ tokenizer, vocabulary, architecture, weights }),
    ...(vocabulary === undefined ? [] : withinVocabulary(vocabulary)),
    ...(tokenizer === undefined || vocabulary === undefined
      ? []
      : betweenTokens(tokenizer, vocabulary)),
    ...(vocabulary === undefined || architecture === undefined
      ? []
      : betweenSizes(vocabulary, architecture)),
    ...(architecture === undefined || tensors === undefined
      ? []
      : betweenTensors(architecture, tensors)),
  ]);
  return {
    accepted: disagreements.length === 0,
    disagreements,
    parameters: numbersIn(tensors ?? []),
  };
});
