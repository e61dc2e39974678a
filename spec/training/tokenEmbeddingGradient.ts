import fc, { type Arbitrary } from 'fast-check';
import { dotBound } from '../bounds/dot.ts';
import { component, type Law, type Level } from '../component.ts';
import { elements, floatTensor, leading, lengths } from '../generate.ts';
import { differ, inapplicable, mapped, metamorphic, reversed } from '../laws.ts';
import { countingTable } from '../embedding/tables.ts';
import { fields, floats, integers } from '../schema.ts';
import { rowsOf, sizeOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { doublesWithOutputGradient, vanishesWithOutputGradient } from './gradientLaws.ts';
import { lookupGradients } from '../embedding/sizes.ts';

interface Seeded {
  readonly table: FloatTensor;
  readonly ids: IntegerTensor;
  readonly outputGradient: FloatTensor;
}
type Gradient = { readonly tableGradient: FloatTensor };

/** A table of so many rows of three numbers, and gradients of the rows that were looked up, no two alike. */
const seeded = (
  rows: number,
  ids: readonly number[],
  gradients = ids.map((_, t) => [t + 1, -2 * t - 1.5, 10 * t + 0.25]),
): Seeded => ({
  table: countingTable(rows),
  ids: tensor('int32', [ids.length], ids),
  outputGradient: tensor('float32', [ids.length, 3], gradients.flat()),
});

const areInTable = ({ table, ids }: Seeded): boolean =>
  Array.from(ids.data).every((id) => Number.isInteger(id) && id >= 0 && id < (table.shape[0] ?? 0));

/** Some rows at random, few of them so that they come again; or one row alone. */
const idsBelow = (rows: number, shape: readonly number[]): Arbitrary<IntegerTensor> => {
  const size = sizeOf(shape);
  const id = fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: rows - 1 }) },
    { weight: 2, arbitrary: fc.constantFrom(0, rows - 1) },
  );
  return fc
    .oneof(
      fc.array(id, { minLength: size, maxLength: size }),
      id.map((same) => new Array<number>(size).fill(same)),
    )
    .map((ids) => tensor('int32', shape, ids));
};

const elementOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -2000, max: 2000 }),
        elements('edge'),
        fc.constantFrom(0, 1, 2 ** -140, -(2 ** -149), NaN, Infinity, -Infinity),
      )
    : fc.constant(elements('core'));

const inputs = (level: Level): Arbitrary<Seeded> =>
  fc
    .tuple(
      leading(level),
      level === 'edge' ? fc.nat({ max: 5 }) : lengths(level),
      fc.integer({ min: 1, max: 7 }),
      level === 'scale' ? fc.constantFrom(1, 7, 8, 17) : fc.integer({ min: 1, max: 4 }),
      elementOf(level),
    )
    .chain(([before, last, rows, width, element]) => {
      const shape = level !== 'scale' && last % 3 === 1 ? before : [...before, last];
      return fc.record({
        table: floatTensor([rows, width], elements('core')),
        ids: idsBelow(rows, shape),
        outputGradient: floatTensor([...shape, width], element),
      });
    });

/** Nothing of the gradient is lost: the columns of both have the same sums. */
const keepsTheTotal: Law<Seeded, Seeded, Gradient> = async (source, run) => {
  const { output, slack } = await run(source);
  const columns = ({ shape, data }: Pick<FloatTensor, 'shape' | 'data'>, size = (x: number) => x) =>
    rowsOf({ shape, data }).reduce<readonly number[]>(
      (sums, row) => row.map((x, i) => (sums[i] ?? 0) + size(x)),
      [],
    );
  const { tableGradient } = output;
  const given = columns(source.outputGradient);
  if (given.length === 0 || !given.every(Number.isFinite)) return inapplicable;
  const allowed = columns({ shape: tableGradient.shape, data: slack['tableGradient'] ?? [] });
  const sizes = columns(source.outputGradient, Math.abs);
  return differ(
    columns(tableGradient),
    given,
    (i) => (allowed[i] ?? NaN) + (sizes[i] ?? NaN) * (source.ids.data.length + 2) * 2 ** -50,
  );
};

/**
 * ∂/∂E_v = Σ_(t: id_t = v) g_t: each gradient is added to the row that was looked up.
 * A token that comes again adds up, and does not replace; a row that was not looked up has exactly 0, whatever NaN the gradients of others
 * hold. No row stands for padding. The table's own numbers do not matter.
 *
 * @example
 * tokenEmbeddingGradient({ table: [[1, 2], [3, 4], [5, 6]], ids: [2, 0, 2], outputGradient: [[1, 10], [2, 20], [3, 30]] }) // → { tableGradient: [[2, 20], [0, 0], [4, 40]] }
 */
export const tokenEmbeddingGradient = component({
  family: 'training',
  summary: 'Adds the gradient of each token to the row that was looked up.',
  formula: String.raw`\partial E_v = \sum_{t:\,\mathrm{id}_t = v} g_t`,
  source:
    'Bengio, Ducharme, Vincent & Jauvin, A neural probabilistic language model, JMLR 3, 2003, §3.1 (the update of C)',
  domain:
    'Any numbers; ids from 0 to V − 1. No ids give zeros. NaN and infinities reach only the rows that they are added to.',
  input: fields({
    table: floats('[V, D]', 'one row for each token of the vocabulary'),
    ids: integers('[...]', 'tokens, from 0 to V − 1'),
    outputGradient: floats('[..., D]', 'of what comes after, by the row of each id'),
  }).refine(areInTable, { path: ['ids'], error: 'expected ids from 0 to V − 1' }),
  output: fields({ tableGradient: floats('[V, D]', 'zeros where nothing was looked up') }),
  arbitrary: inputs,
  sized: lookupGradients,
  invalid: {
    'an id is V': fc.constant(seeded(3, [0, 3, 1])),
    'an id is negative': fc.constant(seeded(3, [0, -1, 1])),
    'the gradient has another width than the table': fc.constant({
      ...seeded(3, [0, 1]),
      outputGradient: tensor('float32', [2, 2], [1, 2, 3, 4]),
    }),
    'there are more gradients than ids': fc.constant({
      ...seeded(3, [0, 1]),
      outputGradient: tensor('float32', [4, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    }),
  },
  bound: (a, { input: { table, ids, outputGradient }, rounding }) => {
    const [rows = 0, width = 0] = table.shape;
    const gradients = rowsOf(outputGradient);
    const order = { ...rounding, height: () => rounding.height(ids.data.length) };
    const owned = Array.from({ length: rows }, (_, id) =>
      gradients.filter((_g, t) => ids.data[t] === id),
    );
    return {
      tableGradient: owned.flatMap((own) =>
        Array.from({ length: width }, (_, i) => {
          const terms = own.map((g) => g[i] ?? NaN);
          const ones = terms.map(() => 1);
          return a.from(dotBound(order, terms, ones).error);
        }),
      ),
    };
  },
  boundSource:
    'spec/bounds/dot.ts: G(h) Σ |g|, with h at most one less than a token comes; 0 where every order of the sum is exact, and so for tokens that come once or never',
  laws: {
    'keeps the total': keepsTheTotal,
    'doubles with the output gradient': doublesWithOutputGradient(),
    'vanishes with the output gradient': vanishesWithOutputGradient(),
    'does not depend on the table': metamorphic((source) => ({
      input: { ...source, table: mapped(source.table, () => 1) },
      output: (gradient) => gradient,
    })),
    'ignores the order of the ids': metamorphic((source) =>
      source.ids.shape.length === 0
        ? undefined
        : {
            input: {
              ...source,
              ids: reversed(source.ids),
              outputGradient: reversed(source.outputGradient, -2),
            },
            output: (gradient) => gradient,
          },
    ),
    'follows a new numbering of the tokens': metamorphic((source) => ({
      input: {
        ...source,
        ids: mapped(source.ids, (id) => (source.table.shape[0] ?? 0) - 1 - id),
      },
      output: (gradient) => reversed(gradient, -2),
    })),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'three tokens, one of which comes again, and one row that none looks up',
      flags: ['ordinary'],
      input: seeded(4, [2, 0, 2]),
    },
    {
      id: 'duplicates',
      why: 'a token that comes again must add to what is there, not replace it',
      flags: ['embedding-lookup-02', 'duplicates'],
      input: seeded(5, [3, 3, 1, 3, 0, 1]),
    },
    {
      id: 'one-token',
      why: 'every place holds the same token: nothing but the sum is left',
      flags: ['embedding-lookup-02', 'duplicates'],
      input: seeded(2, [1, 1, 1, 1, 1]),
    },
    {
      id: 'first-and-last',
      why: 'token 0 taken for padding, or the last row lost',
      flags: ['embedding-lookup-03', 'padding'],
      input: seeded(6, [0, 5, 0, 4]),
    },
    {
      id: 'batch',
      why: 'ids of two axes, of which only the first is walked',
      flags: ['rank'],
      input: {
        table: countingTable(4),
        ids: tensor('int32', [2, 3], [1, 3, 1, 0, 1, 3]),
        outputGradient: tensor(
          'float32',
          [2, 3, 3],
          Array.from({ length: 18 }, (_, i) => ((i * 7) % 19) - 8.5),
        ),
      },
    },
    {
      id: 'seventeen-bits',
      why: 'sums of integers that 11 or 8 bits cannot hold: the accumulator must be wider',
      flags: ['low-precision-sum'],
      input: seeded(
        2,
        [1, 1, 1],
        [
          [65521, 1, -3],
          [17, 40961, 5],
          [4099, 3, 2049],
        ],
      ),
    },
    {
      id: 'not-finite',
      why: 'NaN and Infinity of one token that reach other rows by a product with one-hot rows',
      flags: ['nan', 'infinity'],
      input: seeded(
        3,
        [0, 2, 2],
        [
          [1, NaN, Infinity],
          [2, 3, -Infinity],
          [5, 7, 11],
        ],
      ),
    },
  ],
});
