import fc, { type Arbitrary } from 'fast-check';
import { component, type Law, type Level } from '../component.ts';
import { lengths } from '../generate.ts';
import { differ, inapplicable, mapped, rearranged } from '../laws.ts';
import { fields, integers, real } from '../schema.ts';
import { shapeText } from '../shape.ts';
import { tensor, type IntegerTensor } from '../tensor.ts';
import { shiftSizes } from './sizes.ts';

const [least, most] = [-(2 ** 31), 2 ** 31 - 1];

interface Shift {
  readonly ids: IntegerTensor;
  readonly start: number;
}

/** The law that a changed input has exactly the changed ids. */
const follows =
  (
    relate: (
      input: Shift,
    ) => { input: Shift; ids: (before: IntegerTensor) => IntegerTensor } | undefined,
  ): Law<Shift, Shift, { ids: IntegerTensor }> =>
  async (input, run) => {
    const relation = relate(input);
    if (relation === undefined) return inapplicable;
    const expected = relation.ids((await run(input)).output.ids);
    const actual = (await run(relation.input)).output.ids;
    return shapeText(expected.shape) === shapeText(actual.shape)
      ? differ(expected.data, actual.data, () => 0)
      : `expected shape ${shapeText(expected.shape)}, got ${shapeText(actual.shape)}`;
  };

const widthOf = ({ ids }: Shift): number => ids.shape[1] ?? 0;

/** Another name for each token: a bijection of 32-bit integers that leaves no small one where it is. */
const renamed = (id: number): number => id ^ 0x2a;

const lastRow = (ids: IntegerTensor): IntegerTensor => {
  const width = ids.shape[1] ?? 0;
  return rearranged(ids, [1, width], (i) => ids.data.length - width + i);
};

const sentences = (
  rows: readonly (readonly number[])[],
  start: number,
): { ids: IntegerTensor; start: number } => ({
  ids: tensor('int32', [rows.length, rows[0]?.length ?? 0], rows.flat()),
  start,
});

const tokens = (level: Level): Arbitrary<number> =>
  level === 'edge'
    ? fc.constantFrom(0, 1, -100, 2 ** 24 + 1, least, most)
    : fc.integer({ min: 0, max: 50257 });

/**
 * y[b, 0] = start; y[b, t] = x[b, t − 1]: what a decoder reads while it learns to predict x. The last token of a row goes nowhere.
 * Ids are not looked at: 0 and −100, which others take for padding and for targets to ignore, move like any other.
 *
 * @example
 * shiftRight({ ids: [[5, 6, 7]], start: 1 }) // → { ids: [[1, 5, 6]] }
 */
export const shiftRight = component({
  family: 'training',
  summary: 'Moves the tokens of each sequence one place to the right, behind a start token.',
  formula: String.raw`y_{b,0} = s,\quad y_{b,t} = x_{b,t-1}`,
  source:
    'Vaswani et al., Attention Is All You Need, 2017, §3.1 and figure 1 (outputs, shifted right)',
  domain: 'Any 32-bit integers. No sequences, or sequences of no tokens, stay as they are.',
  input: fields({
    ids: integers('[B, T]', 'tokens that are to be predicted'),
    start: real(
      'a 32-bit integer',
      (value) => Number.isInteger(value) && value >= least && value <= most,
      'the token that every sequence begins with',
    ),
  }),
  output: fields({ ids: integers('[B, T]', 'tokens that the decoder reads') }),
  arbitrary: (level) =>
    fc
      .tuple(level === 'edge' ? fc.nat({ max: 3 }) : lengths(level), lengths(level))
      .chain(([rows, width]) =>
        fc.record({
          ids: fc
            .array(tokens(level), { minLength: rows * width, maxLength: rows * width })
            .map((ids) => tensor('int32', [rows, width], ids)),
          start: tokens(level),
        }),
      ),
  sized: shiftSizes,
  invalid: {
    'half a start token': fc.constant({ ...sentences([[1, 2, 3]], 0), start: 0.5 }),
    'one axis for both': fc.constant({ ids: tensor('int32', [3], [1, 2, 3]), start: 0 }),
  },
  boundSource: 'none: integers are moved',
  laws: {
    'does not see the last tokens': follows((input) => ({
      input: {
        ...input,
        ids: mapped(input.ids, (id, i) => ((i + 1) % widthOf(input) === 0 ? renamed(id) : id)),
      },
      ids: (before) => before,
    })),
    'follows a renaming of the tokens': follows(({ ids, start }) => ({
      input: { ids: mapped(ids, renamed), start: renamed(start) },
      ids: (before) => mapped(before, renamed),
    })),
    'treats each row by itself': follows(({ ids, start }) =>
      (ids.shape[0] ?? 0) < 2 ? undefined : { input: { ids: lastRow(ids), start }, ids: lastRow },
    ),
    'changes the first column alone with the start': follows((input) => ({
      input: { ...input, start: renamed(input.start) },
      ids: (before) => mapped(before, (id, i) => (i % widthOf(input) === 0 ? renamed(id) : id)),
    })),
  },
  examples: [
    {
      id: 'sentence',
      why: 'shifted to the left, or turned around in a ring',
      flags: ['ordinary'],
      input: sentences([[11, 12, 13, 14, 15]], 2),
    },
    {
      id: 'batch',
      why: 'the last token of a row given to the next',
      flags: ['axis'],
      input: sentences(
        [
          [3, 1, 4],
          [1, 5, 9],
          [2, 6, 5],
        ],
        7,
      ),
    },
    {
      id: 'one-token',
      why: 'the only token is the start',
      flags: ['smallest'],
      input: sentences([[8], [9]], 4),
    },
    {
      id: 'not-zero',
      why: 'a start that is taken to be 0',
      flags: ['default'],
      input: sentences([[0, 0, 3, 0]], 50256),
    },
    {
      id: 'ignored-targets',
      why: '−100 is replaced by padding, which is not asked for',
      flags: ['padding'],
      input: sentences([[-100, 17, -100, 18, -100]], 1),
    },
    {
      id: 'large-ids',
      why: 'ids beyond 2^24 that float32 rounds',
      flags: ['precision'],
      input: sentences([[2 ** 24 + 1, 2 ** 31 - 1, 2 ** 24 + 3]], 2 ** 25 + 1),
    },
    {
      id: 'repeated',
      why: 'a row that begins and ends with its start token',
      flags: ['duplicates'],
      input: sentences(
        [
          [6, 6, 2, 6],
          [6, 2, 2, 6],
        ],
        6,
      ),
    },
  ],
});
