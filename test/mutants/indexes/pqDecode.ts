import { roundTo } from '../../../spec/format.ts';
import { mapped, reversed } from '../../../spec/laws.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf, tensor, type FloatTensor, type IntegerTensor } from '../../../spec/tensor.ts';
import { pqDecode as honest } from '../../honest/indexes/pqDecode.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { fixedPoint, withInput, withOutput, type Mutants } from '../mutant.ts';

const sound = honest(unitOf(float32));
type Kernel = Mutants<'pqDecode'>['honest'];

/** Looks up other codes: those that `change` makes of a code, the row that it is in, its place there, and the number of centroids. */
const otherCodes = (
  change: (code: number, row: readonly number[], m: number, centroids: number) => number,
): Kernel =>
  withInput(sound, ({ codebooks, codes }) => ({
    codebooks,
    codes: tensor(
      'uint8',
      codes.shape,
      rowsOf(codes).flatMap((row) =>
        row.map((code, m) => change(code, row, m, codebooks.shape[1] ?? 1)),
      ),
    ),
  }));

/** Two codes of half a byte each in one byte. */
const halves = (row: readonly number[], m: number): number =>
  ((row[m >> 1] ?? 0) >> (4 * (m & 1))) & 15;

/** The first codebook in the place of every other. */
export const firstForAll = (codebooks: FloatTensor): FloatTensor => {
  const [, centroids = 1, width = 1] = codebooks.shape;
  return mapped(codebooks, (_, i) => codebooks.data[i % (centroids * width)] ?? NaN);
};

/** Codes by columns, where the shape does not tell. */
export const byColumns = (codes: IntegerTensor): IntegerTensor => {
  const [rows = 0, width = 0] = codes.shape;
  return rows === width
    ? mapped(codes, (_, i) => codes.data[(i % width) * width + Math.floor(i / width)] ?? 0)
    : codes;
};

/** Component i of subvector m is put at i · M + m. */
const interleaved: Kernel = withOutput(sound, ({ vectors }, { codebooks }: Input<'pqDecode'>) => {
  const [books = 1, , width = 1] = codebooks.shape;
  const rows = rowsOf(vectors).flatMap((row) =>
    row.map((_, i) => row[(i % books) * width + Math.floor(i / books)] ?? NaN),
  );
  return { vectors: tensor('float32', vectors.shape, rows) };
});

/** The product of one-hot rows and each codebook. */
const oneHotProduct: Kernel = ({ codebooks, codes }) => {
  const [books = 1, centroids = 1, width = 1] = codebooks.shape;
  const rows = rowsOf(codebooks);
  const values = rowsOf(codes).flatMap((row) =>
    row.flatMap((code, m) =>
      Array.from({ length: width }, (_, i) =>
        rows
          .slice(m * centroids, (m + 1) * centroids)
          .reduce((sum, one, k) => sum + (k === code ? 1 : 0) * (one[i] ?? NaN), 0),
      ),
    ),
  );
  return { vectors: tensor('float32', [codes.shape[0] ?? 0, books * width], values) };
};

export const pqDecode: Mutants<'pqDecode'> = {
  honest: sound,
  mutants: [
    {
      id: 'reads-halves-of-bytes',
      defect: 'index-pq-03',
      wrong: 'reads two codes from each byte where sixteen centroids would let it',
      run: otherCodes((code, row, m, centroids) =>
        centroids <= 16 ? Math.min(halves(row, m), centroids - 1) : code,
      ),
    },
    {
      id: 'signed-bytes',
      defect: 'classic',
      wrong: 'reads codes over 127 as negative, and takes the first centroid for those',
      run: otherCodes((code) => (code > 127 ? Math.max(0, code - 256) : code)),
    },
    {
      id: 'seven-bits',
      defect: 'classic',
      wrong: 'drops the highest bit of a code',
      run: otherCodes((code) => code & 127),
    },
    {
      id: 'first-codebook-for-all',
      defect: 'classic',
      wrong: 'looks every subvector up in the first codebook',
      run: withInput(sound, ({ codebooks, codes }) => ({
        codebooks: firstForAll(codebooks),
        codes,
      })),
    },
    {
      id: 'codebooks-reversed',
      defect: 'classic',
      wrong: 'takes the codebooks from the last to the first',
      run: withInput(sound, ({ codebooks, codes }) => ({
        codebooks: reversed(codebooks, -3),
        codes,
      })),
    },
    {
      id: 'interleaved',
      defect: 'classic',
      wrong: 'deals the components of the subvectors out in turn',
      run: interleaved,
    },
    {
      id: 'codes-by-columns',
      defect: 'classic',
      wrong: 'reads the codes of a square table by columns',
      run: withInput(sound, ({ codebooks, codes }) => ({ codebooks, codes: byColumns(codes) })),
    },
    {
      id: 'counts-from-one',
      defect: 'classic',
      wrong: 'takes the centroid before',
      run: otherCodes((code) => Math.max(0, code - 1)),
    },
    {
      id: 'half-precision-codebooks',
      defect: 'classic',
      wrong: 'keeps the centroids in bfloat16',
      run: withInput(sound, ({ codebooks, codes }) => ({
        codebooks: mapped(codebooks, (x) => roundTo(x, 'bfloat16')),
        codes,
      })),
    },
    {
      id: 'one-hot-product',
      defect: 'classic',
      wrong: 'multiplies one-hot rows, which lets NaN of other centroids in',
      run: oneHotProduct,
    },
    {
      id: 'drops-the-last-subvector',
      defect: 'classic',
      wrong: 'leaves the last of several subvectors at zero',
      run: withOutput(sound, ({ vectors }, { codebooks }) => {
        const [books = 1, , width = 1] = codebooks.shape;
        const last = (books - 1) * width;
        const isLast = (i: number): boolean => books > 1 && i % (books * width) >= last;
        return { vectors: mapped(vectors, (x, i) => (isLast(i) ? 0 : x)) };
      }),
    },
    {
      id: 'fixed-point',
      defect: 'classic',
      wrong: 'keeps its answer in fixed point, rounded down',
      run: withOutput(sound, ({ vectors }) => ({ vectors: fixedPoint(vectors) })),
    },
  ],
};
