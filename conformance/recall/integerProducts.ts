import {
  get,
  i32,
  i32x4,
  increased,
  loopWhile,
  moduleOf,
  set,
  v128,
  type Code,
} from './assembler.ts';

/** What is used of it: neither ECMAScript's types nor Node's have it. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** Rows are filled up with zeros to as many numbers: two vectors of 16 bytes. */
const numbersAtOnce = 16;
export const paddedWidth = (columns: number): number =>
  numbersAtOnce * Math.ceil(columns / numbersAtOnce);

/** How many rows of each are taken together: what is loaded is used twice and four times. */
const vectorsAtOnce = 2;
const queriesAtOnce = 4;

/** Places of locals: first the parameters, then integers. */
const [query, lastQuery, firstVector, lastVector, firstStart, out] = [0, 1, 2, 3, 4, 5];
const [vector, end, q, v, start] = [6, 7, 8, 9, 10];
const sumOf = (i: number, j: number): number => 11 + i * vectorsAtOnce + j;
const loaded = 11 + queriesAtOnce * vectorsAtOnce;
const asked = loaded + vectorsAtOnce;

const rows = [0, 1, 2, 3];
const columns = [0, 1];
const pairs = rows.flatMap((i) => columns.map((j) => [i, j] as const));

/** Eight numbers of two vectors and four queries, to which the locals q and v point: 16 products of each pair are added. */
const step = (rowBytes: number, offset: number): Code => [
  ...columns.flatMap((j) => [...get(v), ...v128.load(j * rowBytes + offset), ...set(loaded + j)]),
  ...rows.flatMap((i) => [
    ...get(q),
    ...v128.load(i * rowBytes + offset),
    ...set(asked),
    ...columns.flatMap((j) => [
      ...get(asked),
      ...get(loaded + j),
      ...i32x4.dot16,
      ...get(sumOf(i, j)),
      ...i32x4.add,
      ...set(sumOf(i, j)),
    ]),
  ]),
];

/** x and x with its bytes moved round, added. */
const folded = (x: number, by: number): Code => [
  ...get(x),
  ...get(x),
  ...get(x),
  ...v128.shuffle(Array.from({ length: 16 }, (_, i) => (i + by) % 16)),
  ...i32x4.add,
  ...set(x),
];

/** Puts the sum of the four lanes of each pair's sums where `out` points. */
const stored = (outBytes: number): Code =>
  pairs.flatMap(([i, j]) => [
    ...folded(sumOf(i, j), 8),
    ...folded(sumOf(i, j), 4),
    ...get(out),
    ...get(sumOf(i, j)),
    ...i32x4.first,
    ...i32.store(i * outBytes + 4 * j),
  ]);

/** Two vectors and four queries, from end to end. */
const pairOfTiles = (rowBytes: number, outBytes: number): Code => [
  ...pairs.flatMap(([i, j]) => [...get(start), ...v128.load32(4 * j), ...set(sumOf(i, j))]),
  ...get(query),
  ...set(q),
  ...get(vector),
  ...set(v),
  ...get(vector),
  ...i32.constant(rowBytes),
  ...i32.add,
  ...set(end),
  ...loopWhile(v, end, [
    ...step(rowBytes, 0),
    ...step(rowBytes, 16),
    ...increased(q, 32),
    ...increased(v, 32),
  ]),
  ...stored(outBytes),
];

/** For all queries, four at a time, all vectors, two at a time. */
const codeOf = (rowBytes: number, outBytes: number): Code =>
  loopWhile(query, lastQuery, [
    ...get(firstVector),
    ...set(vector),
    ...get(firstStart),
    ...set(start),
    ...loopWhile(vector, lastVector, [
      ...pairOfTiles(rowBytes, outBytes),
      ...increased(out, 4 * vectorsAtOnce),
      ...increased(start, 4 * vectorsAtOnce),
      ...increased(vector, vectorsAtOnce * rowBytes),
    ]),
    ...increased(out, (queriesAtOnce - 1) * outBytes),
    ...increased(query, queriesAtOnce * rowBytes),
  ]);

/** Tiles of 16-bit integers, of rows of padded width, and room for the products: products[query · vectors + vector]. */
export interface IntegerProducts {
  readonly queries: Int16Array;
  readonly vectors: Int16Array;
  /** What the sums of each vector start with. */
  readonly starts: Int32Array;
  readonly products: Int32Array;
  /** start_v + Σ q_i v_i of every query with every vector; exact where the sums of magnitudes stay below 2^31. */
  readonly multiply: () => void;
}

const pageBytes = 2 ** 16;

/** Products of so many queries with so many vectors at least; WebAssembly's, of 16 products an instruction. */
export function integerProducts(
  queryCount: number,
  vectorCount: number,
  width: number,
): IntegerProducts {
  const [asked, stored] = [
    queriesAtOnce * Math.ceil(queryCount / queriesAtOnce),
    vectorsAtOnce * Math.ceil(vectorCount / vectorsAtOnce),
  ];
  const rowBytes = 2 * width;
  const [vectorsAt, startsAt] = [asked * rowBytes, (asked + stored) * rowBytes];
  const outAt = startsAt + 4 * stored;
  const initial = Math.ceil((outAt + 4 * asked * stored) / pageBytes);
  const memory = new WebAssembly.Memory({ initial });
  const code = codeOf(rowBytes, 4 * stored);
  const vectors = pairs.length + vectorsAtOnce + 1;
  const module = new WebAssembly.Module(moduleOf({ parameters: 6, integers: 5, vectors, code }));
  const { run } = new WebAssembly.Instance(module, { host: { memory } }).exports;
  if (typeof run !== 'function') throw new TypeError('integerProducts: the module has no run');
  return {
    queries: new Int16Array(memory.buffer, 0, asked * width),
    vectors: new Int16Array(memory.buffer, vectorsAt, stored * width),
    starts: new Int32Array(memory.buffer, startsAt, stored),
    products: new Int32Array(memory.buffer, outAt, asked * stored),
    multiply: () => void run(0, vectorsAt, vectorsAt, startsAt, startsAt, outAt),
  };
}
