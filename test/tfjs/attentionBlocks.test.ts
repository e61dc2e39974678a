import { describe, expect, test } from 'vitest';
import { tfjs } from '../../conformance/implementations/tfjs/index.ts';
import { seededNumbers } from '../../spec/generate.ts';
import { spec, type Input } from '../../spec/index.ts';
import { sizeOf, tensor, type BooleanTensor, type FloatTensor } from '../../spec/tensor.ts';

const floats = (seed: number, shape: readonly number[]): FloatTensor =>
  tensor('float32', shape, seededNumbers(seed, sizeOf(shape)).map(Math.fround));

type Attention = Input<'scaledDotProductAttention'>;
type Seen = (block: number, query: number, key: number) => boolean;

/** The attention of a list of matrices in plain doubles, over what is seen. */
function plain({ query, key, value }: Attention, emptyRow: number, seen: Seen): readonly number[] {
  const [, length = 0, width = 0] = query.shape;
  const [blocks = 0, keys = 0, valueWidth = 0] = value.shape;
  const at = (source: FloatTensor, block: number, row: number): readonly number[] => {
    const columns = source.shape.at(-1) ?? 0;
    const first = (block * (source.shape.at(-2) ?? 0) + row) * columns;
    return Array.from(source.data.slice(first, first + columns));
  };
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, x, t) => sum + x * (b[t] ?? NaN), 0);
  const rows = Array.from({ length: blocks * length }, (_, row) => {
    const [block, i] = [Math.floor(row / length), row % length];
    const q = at(query, block, i);
    const all = Array.from({ length: keys }, (_key, j) => j).filter((j) => seen(block, i, j));
    const weights = all.map((j) => Math.exp(dot(q, at(key, block, j)) / Math.sqrt(width)));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const values = all.map((j) => at(value, block, j));
    return Array.from({ length: valueWidth }, (_column, e) =>
      all.length === 0
        ? emptyRow
        : dot(
            weights,
            values.map((v) => v[e] ?? NaN),
          ) / total,
    );
  });
  return rows.flat();
}

const sizes = { blocks: 2, length: 40, keys: 4200, width: 3, valueWidth: 2 };

const inputOf = (change: object, { blocks, length, keys, width, valueWidth } = sizes): Attention =>
  spec.scaledDotProductAttention.input.parse({
    query: floats(1, [blocks, length, width]),
    key: floats(2, [blocks, keys, width]),
    value: floats(3, [blocks, keys, valueWidth]),
    ...change,
  });

/** Some keys of some queries, and nothing at all of query 35. */
const holes = (shape: readonly number[]): BooleanTensor => {
  const [, length = 1, keys = 1] = shape;
  return tensor(
    'bool',
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => {
      const [block, query, key] = [
        Math.floor(i / (length * keys)),
        Math.floor(i / keys) % length,
        i % keys,
      ];
      return Number(query !== 35 && (key + 3 * query + block) % 5 > 1);
    }),
  );
};
const maskSees =
  ({ shape, data }: BooleanTensor): Seen =>
  (block, query, key) => {
    const place = [block, query, key].reduce(
      (sum, i, axis) => sum * (shape[axis] ?? 1) + (shape[axis] === 1 ? 0 : i),
      0,
    );
    return data[place] === 1;
  };

const { blocks, length, keys } = sizes;
const [whole, ofKeys, ofRows] = [
  holes([blocks, length, keys]),
  holes([1, 1, keys]),
  holes([blocks, length, 1]),
];
const square = { ...sizes, length: 390, keys: 370 };

describe.each(['wasm', 'cpu'] as const)(
  'tfjs on %s, of more queries than a block has',
  async (backend) => {
    const implementation = await tfjs(backend);
    const agree = async (input: Attention, seen: Seen) => {
      const answer = await implementation.run('scaledDotProductAttention', input, 60);
      if (!('output' in answer)) throw new Error(JSON.stringify(answer));
      const { output } = spec.scaledDotProductAttention.output.parse(answer.output);
      const expected = plain(input, input.emptyRow === 'nan' ? NaN : 0, seen);
      const wrong = expected.filter(
        (x, i) => !Object.is(x, output.data[i]) && !(Math.abs(x - (output.data[i] ?? NaN)) < 1e-5),
      );
      expect(output.data).toHaveLength(expected.length);
      expect(wrong).toEqual([]);
    };

    test.each<[string, Attention, Seen]>([
      ['all keys', inputOf({}), () => true],
      ['a causal mask', inputOf({ causal: true }), (_, i, j) => j <= i + keys - length],
      [
        'a causal mask from the first key on',
        inputOf({ causal: true, alignment: 'topLeft' }),
        (_, i, j) => j <= i,
      ],
      [
        'more queries than keys: the first see nothing',
        inputOf({ causal: true }, square),
        (_, i, j) => j <= i - 20,
      ],
      [
        'the same, where that is NaN',
        inputOf({ causal: true, emptyRow: 'nan' }, square),
        (_, i, j) => j <= i - 20,
      ],
      ['a mask', inputOf({ mask: whole }), maskSees(whole)],
      ['a mask of keys', inputOf({ mask: ofKeys }), maskSees(ofKeys)],
      ['a mask of queries', inputOf({ mask: ofRows, emptyRow: 'nan' }), maskSees(ofRows)],
      [
        'both',
        inputOf({ mask: whole, causal: true }),
        (b, i, j) => maskSees(whole)(b, i, j) && j <= i + keys - length,
      ],
    ])('%s', async (_name, input, seen) => {
      await agree(input, seen);
    });

    test('what stands in slots that are not seen does not matter', async () => {
      const input = inputOf({ mask: ofKeys });
      const spoiled = (source: FloatTensor): FloatTensor => {
        const width = source.shape.at(-1) ?? 1;
        const data = Float32Array.from(source.data, (x, i) =>
          ofKeys.data[Math.floor(i / width) % keys] === 1 ? x : i % 2 === 0 ? NaN : Infinity,
        );
        return { ...source, data };
      };
      await agree(
        { ...input, key: spoiled(input.key), value: spoiled(input.value) },
        maskSees(ofKeys),
      );
    });
  },
);
