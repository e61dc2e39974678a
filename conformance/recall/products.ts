/** So many rows of each stand one after another; `width` is that of a row. */
export interface Tiles {
  readonly vectors: Float64Array;
  readonly queries: Float64Array;
  readonly width: number;
}

/** How many vectors and queries are taken together, so that rows are read once for eight products. */
export const vectorsAtOnce = 2;
export const queriesAtOnce = 4;

type Kernel = (tiles: Tiles, out: Float64Array, v: number, q: number) => void;

function put(out: Float64Array, at: number, first: number, second: number): void {
  out[at] = first;
  out[at + 1] = second;
}

/** Σ q_i v_i of two vectors and four queries. Without any array: V8 would allocate it in the innermost loop. */
const dotProductsAt: Kernel = ({ vectors, queries, width }, out, v, q) => {
  const v0 = v * width;
  const v1 = v0 + width;
  const q0 = q * width;
  const q1 = q0 + width;
  const q2 = q1 + width;
  const q3 = q2 + width;
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  for (let i = 0; i < width; i += 1) {
    const x = vectors[v0 + i] ?? 0;
    const y = vectors[v1 + i] ?? 0;
    const c0 = queries[q0 + i] ?? 0;
    const c1 = queries[q1 + i] ?? 0;
    const c2 = queries[q2 + i] ?? 0;
    const c3 = queries[q3 + i] ?? 0;
    a0 += x * c0;
    a1 += x * c1;
    a2 += x * c2;
    a3 += x * c3;
    b0 += y * c0;
    b1 += y * c1;
    b2 += y * c2;
    b3 += y * c3;
  }
  const rows = vectors.length / width;
  const at = q * rows + v;
  put(out, at, a0, b0);
  put(out, at + rows, a1, b1);
  put(out, at + 2 * rows, a2, b2);
  put(out, at + 3 * rows, a3, b3);
};

/** Σ (q_i − v_i)², likewise. */
const squaredDistancesAt: Kernel = ({ vectors, queries, width }, out, v, q) => {
  const v0 = v * width;
  const v1 = v0 + width;
  const q0 = q * width;
  const q1 = q0 + width;
  const q2 = q1 + width;
  const q3 = q2 + width;
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  for (let i = 0; i < width; i += 1) {
    const x = vectors[v0 + i] ?? 0;
    const y = vectors[v1 + i] ?? 0;
    const c0 = queries[q0 + i] ?? 0;
    const c1 = queries[q1 + i] ?? 0;
    const c2 = queries[q2 + i] ?? 0;
    const c3 = queries[q3 + i] ?? 0;
    a0 += (x - c0) * (x - c0);
    a1 += (x - c1) * (x - c1);
    a2 += (x - c2) * (x - c2);
    a3 += (x - c3) * (x - c3);
    b0 += (y - c0) * (y - c0);
    b1 += (y - c1) * (y - c1);
    b2 += (y - c2) * (y - c2);
    b3 += (y - c3) * (y - c3);
  }
  const rows = vectors.length / width;
  const at = q * rows + v;
  put(out, at, a0, b0);
  put(out, at + rows, a1, b1);
  put(out, at + 2 * rows, a2, b2);
  put(out, at + 3 * rows, a3, b3);
};

function everywhere(kernel: Kernel, tiles: Tiles, out: Float64Array): void {
  const { vectors, queries, width } = tiles;
  for (let v = 0; v < vectors.length / width; v += vectorsAtOnce)
    for (let q = 0; q < queries.length / width; q += queriesAtOnce) kernel(tiles, out, v, q);
}

/** Σ q_i v_i of every query with every vector: out[query · vectors + vector]. The tiles hold multiples of what is taken together. */
export const dotProducts = (tiles: Tiles, out: Float64Array): void =>
  everywhere(dotProductsAt, tiles, out);

/** Σ (q_i − v_i)², likewise. */
export const squaredDistances = (tiles: Tiles, out: Float64Array): void =>
  everywhere(squaredDistancesAt, tiles, out);
