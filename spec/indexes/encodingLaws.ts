import type { Law } from '../component.ts';
import { inapplicable, reversed } from '../laws.ts';
import { rowsOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { centroidsOf, namedCentroids, subvectorsOf } from './codebooks.ts';

export interface Encoding {
  readonly codebooks: FloatTensor;
  readonly vectors: FloatTensor;
}
export interface Codes {
  readonly codes: IntegerTensor;
}
type Row = readonly number[];
type EncodingLaw = Law<Encoding, Encoding, Codes>;

const squared = (row: Row): number => row.reduce((sum, x) => sum + x * x, 0);
const distance = (x: Row, y: Row): number => squared(x.map((value, i) => value - (y[i] ?? NaN)));

/**
 * Whether no format overflows where a square of these is taken, not even one of 16 bits; where one does, any centroid may be taken.
 */
const isTame = ({ codebooks, vectors }: Encoding): boolean =>
  [...rowsOf(codebooks), ...rowsOf(vectors)].every((row) => squared(row) <= 2 ** 12);

/**
 * So much farther than another may a centroid be that was taken for the nearest: twice the error of an expanded distance in bfloat16, rounded in
 * one direction, and what subnormals of float16 may lose.
 */
const leeway = (x: Row, ...centroids: readonly Row[]): number => {
  const greatest = centroids.map(squared).reduce((y, z) => Math.max(y, z), 0);
  return (x.length + 8) * (2 ** -5 * (squared(x) + greatest) + 2 ** -20);
};

/** Where two encodings name centroids that are not both nearest, or nothing. */
function disagreement(
  { codebooks, vectors }: Encoding,
  codes: readonly Row[],
  others: (n: number, m: number) => number | undefined,
): string | undefined {
  const books = centroidsOf(codebooks);
  for (const [n, parts] of subvectorsOf(vectors, codebooks.shape[2] ?? 1).entries())
    for (const [m, part] of parts.entries()) {
      const [code, other] = [codes[n]?.[m] ?? -1, others(n, m)];
      if (other === undefined) continue;
      const [own, its] = [books[m]?.[code] ?? [], books[m]?.[other] ?? []];
      if (Math.abs(distance(part, own) - distance(part, its)) > leeway(part, own, its))
        return `vector ${n}, subvector ${m}: centroids ${code} and ${other}`;
    }
  return undefined;
}

/** Another input, and which code of its answer stands for a subvector of the first; none where it has no such. */
interface Relation {
  readonly input: Encoding;
  readonly code: (codes: readonly Row[], n: number, m: number) => number | undefined;
}

/** The law that two encodings name the same centroids, or near-ties. */
const related =
  (relate: (input: Encoding) => Relation | undefined): EncodingLaw =>
  async (input, run) => {
    const relation = relate(input);
    if (relation === undefined || !isTame(input)) return inapplicable;
    const before = rowsOf((await run(input)).output.codes);
    const after = rowsOf((await run(relation.input)).output.codes);
    return disagreement(input, before, (n, m) => relation.code(after, n, m));
  };

/** The subvectors of every vector in the opposite order. */
const mirrored = (vectors: FloatTensor, books: number): FloatTensor => {
  const [count = 0, width = 0] = vectors.shape;
  const parts = reversed({ ...vectors, shape: [count, books, width / books] }, -2);
  return { ...parts, shape: vectors.shape };
};

/** What is decoded has the same centroid for its nearest. */
const findsDecodedAgain: EncodingLaw = async (input, run) => {
  if (!isTame(input)) return inapplicable;
  const { codes } = (await run(input)).output;
  const { dtype, shape } = input.vectors;
  const vectors = tensor(dtype, shape, namedCentroids(input.codebooks, codes).flat(2));
  const again = rowsOf((await run({ ...input, vectors })).output.codes);
  return disagreement({ ...input, vectors }, rowsOf(codes), (n, m) => again[n]?.[m]);
};

export const encodingLaws: Readonly<Record<string, EncodingLaw>> = {
  'encodes what was decoded as it was': findsDecodedAgain,
  'encodes each vector by itself': related((input) => {
    const [count = 0, width = 0] = input.vectors.shape;
    if (count < 2) return undefined;
    const last = tensor(input.vectors.dtype, [1, width], rowsOf(input.vectors).at(-1) ?? []);
    return {
      input: { ...input, vectors: last },
      code: (codes, n, m) => (n === count - 1 ? codes[0]?.[m] : undefined),
    };
  }),
  'follows a permutation of the subvectors': related(({ codebooks, vectors }) => {
    const books = codebooks.shape[0] ?? 1;
    return {
      input: { codebooks: reversed(codebooks, -3), vectors: mirrored(vectors, books) },
      code: (codes, n, m) => codes[n]?.[books - 1 - m],
    };
  }),
  'follows a new numbering of the centroids': related(({ codebooks, vectors }) => ({
    input: { codebooks: reversed(codebooks, -2), vectors },
    code: (codes, n, m) => (codebooks.shape[1] ?? 1) - 1 - (codes[n]?.[m] ?? NaN),
  })),
};
