import fc, { type Arbitrary } from 'fast-check';
import { component, type Law, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { extreme, floatTensor, maybe, ordinary } from '../generate.ts';
import { differ, lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats, integers, real } from '../schema.ts';
import { sizeOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { inputEmbeddingExamples, whole } from './inputEmbeddingExamples.ts';
import { areRowsOf, asBatch, firstTokens, sequences } from './tokens.ts';
import { summed } from './sizes.ts';

interface Embedding {
  readonly tokenTable: FloatTensor;
  readonly positionTable: FloatTensor;
  readonly segmentTable?: FloatTensor | undefined;
  readonly ids: IntegerTensor;
  readonly segments?: IntegerTensor | undefined;
  readonly scale?: number | undefined;
}

/** Ids below a number, the first and the last of them often. */
const below = (count: number, shape: readonly number[]): Arbitrary<IntegerTensor> =>
  fc
    .array(fc.oneof(fc.nat({ max: count - 1 }), fc.constantFrom(0, count - 1)), {
      minLength: sizeOf(shape),
      maxLength: sizeOf(shape),
    })
    .map((ids) => tensor('int32', shape, ids));

const sizesOf = (level: Level) =>
  level === 'scale'
    ? fc.record({
        batch: fc.constantFrom(1, 2, 3),
        context: fc.constantFrom(17, 32, 65),
        spare: fc.constantFrom(0, 1, 9),
        width: fc.constantFrom(7, 16, 33),
        vocabulary: fc.constantFrom(31, 257),
        segments: fc.constantFrom(1, 2, 5),
      })
    : fc.record({
        batch: fc.integer({ min: level === 'edge' ? 0 : 1, max: 3 }),
        context: fc.integer({ min: 1, max: 5 }),
        spare: fc.nat(2),
        width: fc.integer({ min: level === 'edge' ? 0 : 1, max: 5 }),
        vocabulary: fc.integer({ min: 1, max: 7 }),
        segments: fc.integer({ min: 1, max: 3 }),
      });

const scales = fc.oneof(
  fc.constantFrom(0, -1, 0.5, 2, Math.sqrt(768)),
  fc.double({ min: -32, max: 32, noNaN: true }),
);

const inputs = (level: Level): Arbitrary<Embedding> =>
  fc
    .tuple(sizesOf(level), fc.boolean())
    .chain(([{ batch, context, spare, width, vocabulary, segments }, isSegmented]) => {
      const shape = [batch, Math.max(level === 'edge' ? 0 : 1, context - spare)];
      const table = (rows: number) =>
        floatTensor([rows, width], level === 'edge' ? extreme(2 ** 12) : ordinary());
      return fc.record({
        tokenTable: table(vocabulary),
        positionTable: table(context),
        segmentTable: isSegmented ? table(segments) : fc.constant(undefined),
        ids: below(vocabulary, shape),
        segments: isSegmented ? maybe(below(segments, shape)) : fc.constant(undefined),
        scale: maybe(scales),
      });
    });

type EmbeddingLaw = Law<Embedding, Embedding, { readonly output: FloatTensor }>;

/** With scale 0 and no segments: the rows of the table, for every sequence. */
const isPositionsAtScaleZero: EmbeddingLaw = async (input, run) => {
  const { output, slack } = await run({
    ...input,
    segmentTable: undefined,
    segments: undefined,
    scale: 0,
  });
  const { data, shape } = output.output;
  const [, length = 0, width = 0] = shape;
  const rows = Array.from(data, (_, i) => input.positionTable.data[i % (length * width)] ?? NaN);
  return differ(data, rows, (i) => slack['output']?.[i] ?? 0);
};

/**
 * output[b, t] = scale · tokenTable[ids[b, t]] + positionTable[t] (+ segmentTable[segments[b, t]]).
 * The scale is the token's alone. Positions count from 0 in every sequence; a sequence may be as long as the context. Segments that are left out are all
 * the first, where there is a table of them.
 *
 * @example
 * inputEmbedding({ tokenTable: [[1, 2], [3, 4]], positionTable: [[10, 20], [30, 40]], ids: [[1, 0]], scale: 2 }) // → { output: [[[16, 28], [32, 44]]] }
 */
export const inputEmbedding = component({
  family: 'embedding',
  summary:
    'What a model is given for each token: the vectors of the token, of its place and of its segment, added.',
  formula: String.raw`x_{b,t} = s\,E_{\mathrm{id}_{b,t}} + P_t + G_{\mathrm{seg}_{b,t}}`,
  source:
    'Devlin et al., BERT, 2018, §3 and figure 2 (token + segment + position); the scale: Vaswani et al., Attention is all you need, 2017, §3.4',
  domain:
    'Finite tables. Ids and segments that are not rows of their tables, more tokens than positions, and segments without a table are rejected. Segments left out where there is a table are all the first (0).',
  input: fields({
    tokenTable: floats('[V, D]', 'one row for each token of the vocabulary'),
    positionTable: floats('[C, D]', 'one row for each position of the context'),
    segmentTable: floats('[G, D]', 'one row for each kind of segment').optional(),
    ids: integers('[B, T]', 'tokens, from 0 to V − 1'),
    segments: integers('[B, T]', 'segments, from 0 to G − 1').optional(),
    scale: real('a finite number', Number.isFinite, 'multiplies the token alone').default(1),
  })
    .refine((input) => areRowsOf(input.tokenTable, input.ids), {
      path: ['ids'],
      error: 'expected ids from 0 to V − 1',
    })
    .refine((input) => (input.ids.shape[1] ?? 0) <= (input.positionTable.shape[0] ?? 0), {
      path: ['ids'],
      error: 'expected at most C tokens, the rows of positionTable',
    })
    .refine((input) => input.segments === undefined || input.segmentTable !== undefined, {
      path: ['segments'],
      error: 'expected no segments, as there is no segmentTable',
    })
    .refine(
      ({ segments, segmentTable }) =>
        segments === undefined || segmentTable === undefined || areRowsOf(segmentTable, segments),
      { path: ['segments'], error: 'expected segments from 0 to G − 1' },
    ),
  output: fields({ output: floats('[B, T, D]', 'one row a token') }),
  arbitrary: inputs,
  sized: summed,
  parts: rowParts({
    unit: 'sequence',
    cut: { ids: 1, segments: 1 },
    outputs: ({ ids, tokenTable }) => ({
      output: [...ids.shape.slice(-1), ...tokenTable.shape.slice(-1)],
    }),
  }),
  invalid: {
    'an id is V': fc.constant({ ...whole, ids: sequences([[4, 5, 0]]), segments: undefined }),
    'an id is negative': fc.constant({
      ...whole,
      ids: sequences([[4, -1, 0]]),
      segments: undefined,
    }),
    'there are more tokens than positions': fc.constant({
      tokenTable: whole.tokenTable,
      positionTable: whole.positionTable,
      ids: sequences([[0, 1, 2, 3, 4]]),
    }),
    'a segment is G': fc.constant({ ...whole, segments: mapped(whole.segments, (s) => 2 * s) }),
    'there are segments, but no table of them': fc.constant({
      ...whole,
      segmentTable: undefined,
    }),
    'the tables have different widths': fc.constant({
      ...whole,
      positionTable: tensor('float32', [4, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
    }),
    'the scale is not a number': fc.constant({ ...whole, scale: NaN }),
  },
  bound: 'composed',
  boundSource:
    'composed: the roundings of the scale, of its product and of the sum in any order (spec/bounds/embedding.ts)',
  laws: {
    'treats each sequence by itself': metamorphic((input) =>
      (input.ids.shape[0] ?? 0) < 2
        ? undefined
        : {
            input: {
              ...input,
              ids: asBatch(lastBlock(input.ids)),
              segments: input.segments && asBatch(lastBlock(input.segments)),
            },
            output: (y) => asBatch(lastBlock(y, -2)),
          },
    ),
    'begins as one that is longer': metamorphic((input) =>
      (input.ids.shape[1] ?? 0) < 2
        ? undefined
        : {
            input: {
              ...input,
              ids: firstTokens(input.ids, -1),
              segments: input.segments && firstTokens(input.segments, -1),
            },
            output: (y) => firstTokens(y, -1),
          },
    ),
    'is unchanged when the tokens are numbered anew': metamorphic((input) => ({
      input: {
        ...input,
        tokenTable: reversed(input.tokenTable, -2),
        ids: mapped(input.ids, (id) => (input.tokenTable.shape[0] ?? 0) - 1 - id),
      },
      output: (y) => y,
    })),
    'is the positions alone where the scale is 0': isPositionsAtScaleZero,
    'has the first segment where segments are left out': metamorphic((input) =>
      input.segmentTable === undefined || input.segments !== undefined
        ? undefined
        : {
            input: { ...input, segments: mapped(input.ids, () => 0) },
            output: (y) => y,
          },
    ),
  },
  examples: inputEmbeddingExamples,
});
