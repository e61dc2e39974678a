import { floats } from '../schema.ts';
import { rowsOf, type FloatTensor, type IntegerTensor } from '../tensor.ts';

/** A list of rows, each of whatever numbers. */
type Rows<T> = readonly (readonly T[])[];
interface Shaped<T> {
  readonly shape: readonly number[];
  readonly data: ArrayLike<T>;
}

/** As many centroids as a byte tells apart. */
export const mostCentroids = 256;

export const codebooksField = floats(
  '[M, K, S]',
  'for each of M subvectors, K centroids of S = D / M components; K is 256 at most',
);

/** A list in runs of so many. */
export const chunksOf = <T>(list: readonly T[], size: number): Rows<T> =>
  Array.from({ length: size === 0 ? 0 : Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );

/** The centroids of each codebook. */
export const centroidsOf = <T>(codebooks: Shaped<T>): readonly Rows<T>[] =>
  chunksOf(rowsOf(codebooks), codebooks.shape[1] ?? 1);

/** The subvectors of each vector. */
export const subvectorsOf = <T>(vectors: Shaped<T>, width: number): readonly Rows<T>[] =>
  rowsOf(vectors).map((row) => chunksOf(row, width));

/** The centroids that the codes of each vector name. */
export function namedCentroids<T>(codebooks: Shaped<T>, codes: IntegerTensor): readonly Rows<T>[] {
  const books = centroidsOf(codebooks);
  return rowsOf(codes).map((row) => row.map((code, m) => books[m]?.[code] ?? []));
}

/** One codebook or more, each of 1 to 256 centroids of a component or more. */
export const areCodebooks = ({ codebooks }: { readonly codebooks: FloatTensor }): boolean => {
  const [books = 0, centroids = 0, width = 0] = codebooks.shape;
  return books >= 1 && centroids >= 1 && centroids <= mostCentroids && width >= 1;
};

export const codebooksProblem = {
  path: ['codebooks'],
  error: 'expected one codebook or more, each of 1 to 256 centroids of one component or more',
};

/** Whether the codebooks' subvectors make up vectors of this width. */
export const makeUp = (
  { shape: [books = 0, , width = 0] }: FloatTensor,
  { shape }: FloatTensor,
): boolean => shape[1] === books * width;

export const areFinite = ({ data }: FloatTensor): boolean =>
  Array.from(data).every(Number.isFinite);

/** Whether every code names a centroid. */
export const areNames = ({
  codebooks,
  codes,
}: {
  readonly codebooks: FloatTensor;
  readonly codes: IntegerTensor;
}): boolean =>
  Array.from(codes.data).every(
    (code) => Number.isInteger(code) && code >= 0 && code < (codebooks.shape[1] ?? 0),
  );

export const codesProblem = { path: ['codes'], error: 'expected codes from 0 to K − 1' };
