import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { elements, floatTensor, lengths, longLengths, randomStream } from '../generate.ts';
import { floats, integers, real } from '../schema.ts';
import { flatMapRows, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';

/** The token that came next, for each row of logits, and the number that stands for none. */
export interface Labels {
  readonly targets: IntegerTensor;
  readonly ignoreIndex?: number | undefined;
}
export interface Tokens extends Labels {
  readonly logits: FloatTensor;
}

/** The fields of every loss over tokens. */
export const tokenFields = {
  logits: floats('[N, V]', 'scores, in nats: one row for each token'),
  targets: integers('[N]', 'the token that came next, from 0 to V − 1, or ignoreIndex'),
  ignoreIndex: real(
    'an integer',
    Number.isSafeInteger,
    'rows with this target do not count',
  ).optional(),
};

export const isIgnored = ({ targets, ignoreIndex }: Labels, i: number): boolean =>
  ignoreIndex !== undefined && targets.data[i] === ignoreIndex;

/** The places of the tokens that count. */
export const countedIn = (labels: Labels): readonly number[] =>
  Array.from(labels.targets.data, (_, i) => i).filter((i) => !isIgnored(labels, i));

/** Whether every target is a token, or ignored. */
export const targetsAreTokens = ({ logits, ...labels }: Tokens): boolean =>
  countedIn(labels).every((i) => {
    const target = labels.targets.data[i] ?? NaN;
    return Number.isInteger(target) && target >= 0 && target < (logits.shape[1] ?? 0);
  });

export const targetsExpected = {
  path: ['targets'],
  error: 'expected targets from 0 to V − 1, or ignoreIndex',
};

/** float32 logits, row by row, with their targets. */
export const tokensOf = (
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  ignoreIndex?: number,
): Tokens => ({
  logits: tensor('float32', [rows.length, rows[0]?.length ?? 0], rows.flat()),
  targets: tensor('int32', [targets.length], targets),
  ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
});

const scaleShapes = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 3 }), longLengths('scale')),
  fc.tuple(lengths('scale'), fc.constantFrom(2, 3, 5)),
);
const smallShapes = (least: number) =>
  fc.tuple(fc.integer({ min: least, max: 5 }), fc.integer({ min: 1, max: 6 }));

const shapesOf = (level: Level): Arbitrary<readonly [number, number]> =>
  level === 'scale' ? scaleShapes : smallShapes(level === 'edge' ? 0 : 1);

const tied = fc.constantFrom(0, 0, 0, 1, 1, 2, -1, 0.5, 10000, 10001, -1000, -Infinity, -88, -100);
const special = fc.oneof(
  { weight: 4, arbitrary: elements('core') },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 3.3e38, -3.3e38) },
);
const edges = [
  fc.constantFrom(0, -0),
  tied,
  fc.oneof(elements('core'), tied),
  elements('edge'),
  special,
];

const logitsOf = (level: Level, shape: readonly [number, number]): Arbitrary<FloatTensor> =>
  fc
    .tuple(fc.constantFrom(0, 0, 40, 1000), fc.constantFrom(...edges))
    .chain(([mean, edge]) =>
      floatTensor([...shape], level === 'edge' ? edge : elements(level), { deviation: 4, mean }),
    );

/** What is ignored: nothing; tokens outside of the vocabulary; one of its tokens; none although it could; every token. */
const kinds = ['nothing', 'outside', 'outside', 'inside', 'none', 'every'] as const;

function labelsOf(
  kind: (typeof kinds)[number],
  [count, width]: readonly [number, number],
  outside: number,
  seed: number,
): Labels {
  const draw = randomStream(seed);
  const token = () => Math.floor(draw() * width);
  const ignoreIndex = kind === 'nothing' ? undefined : kind === 'inside' ? token() : outside;
  const targets = Array.from({ length: count }, () => {
    const drawn = token();
    if (kind === 'every') return outside;
    return kind === 'outside' && draw() < 0.4 ? outside : drawn;
  });
  return { targets: tensor('int32', [count], targets), ignoreIndex };
}

/** What stands in an ignored row does not matter: not even NaN. */
const poisoned = (tokens: Tokens): Tokens => ({
  ...tokens,
  logits: tensor(
    tokens.logits.dtype,
    tokens.logits.shape,
    flatMapRows(tokens.logits, (row, i) =>
      isIgnored(tokens, i)
        ? row.map((_, j) => [NaN, Infinity, -Infinity][(i + j) % 3] ?? NaN)
        : row,
    ),
  ),
});

/** Rows with ties, offsets and impossible tokens beside ordinary ones, with targets some, none or all of which are ignored. */
export const tokens = (level: Level): Arbitrary<Tokens> =>
  shapesOf(level)
    .chain((shape) =>
      fc.tuple(
        logitsOf(level, shape),
        fc
          .tuple(fc.constantFrom(...kinds), fc.constantFrom(-100, -1, shape[1], 50256), fc.nat())
          .map(([kind, outside, seed]) => labelsOf(kind, shape, outside, seed)),
        level === 'edge' ? fc.boolean() : fc.constant(false),
      ),
    )
    .map(([logits, labels, poison]) =>
      poison ? poisoned({ logits, ...labels }) : { logits, ...labels },
    );
