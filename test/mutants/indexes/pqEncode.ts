import { mapped, reversed } from '../../../spec/laws.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { nearestBy, placeOfLeast } from '../../honest/indexes/nearest.ts';
import { encoderOf, pqEncode as honest } from '../../honest/indexes/pqEncode.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';
import { squared, unit, wrongMeasures } from './measures.ts';
import { byColumns, firstForAll } from './pqDecode.ts';

const sound = honest(unit);

/** Component i · M + m in the place of component i of subvector m. */
export const dealt = (vectors: FloatTensor, codebooks: FloatTensor): FloatTensor => {
  const [books = 1, , width = 1] = codebooks.shape;
  const rows = rowsOf(vectors).flatMap((row) =>
    row.map((_, i) => row[(i % width) * books + Math.floor(i / width)] ?? NaN),
  );
  return tensor(vectors.dtype, vectors.shape, rows);
};

export const pqEncode: Mutants<'pqEncode'> = {
  honest: sound,
  mutants: [
    ...Object.entries(wrongMeasures).map(([id, { measure, ...reason }]) => ({
      id,
      ...reason,
      run: encoderOf(nearestBy(measure)),
    })),
    {
      id: 'packs-halves-of-bytes',
      defect: 'index-pq-03',
      wrong: 'puts two codes into each byte where sixteen centroids let it',
      run: withOutput(sound, ({ codes }, { codebooks }) => {
        if ((codebooks.shape[1] ?? 0) > 16) return { codes };
        const packed = rowsOf(codes).flatMap((row) =>
          row.map((_, i) => (row[2 * i] ?? 0) + 16 * (row[2 * i + 1] ?? 0)),
        );
        return { codes: tensor('uint8', codes.shape, packed) };
      }),
    },
    {
      id: 'farthest',
      defect: 'classic',
      wrong: 'takes the farthest centroid',
      run: encoderOf((part, centroids) => placeOfLeast(centroids.map((c) => -squared(part, c)))),
    },
    {
      id: 'seven-bits',
      defect: 'classic',
      wrong: 'drops the highest bit of a code',
      run: withOutput(sound, ({ codes }) => ({ codes: mapped(codes, (code) => code & 127) })),
    },
    {
      id: 'clamped-to-a-signed-byte',
      defect: 'classic',
      wrong: 'stops at 127',
      run: withOutput(sound, ({ codes }) => ({
        codes: mapped(codes, (code) => Math.min(127, code)),
      })),
    },
    {
      id: 'one-centroid-short',
      defect: 'classic',
      wrong: 'does not look at the last of several centroids',
      run: encoderOf((part, centroids) =>
        nearestBy(squared)(part, centroids.length > 1 ? centroids.slice(0, -1) : centroids),
      ),
    },
    {
      id: 'first-codebook-for-all',
      defect: 'classic',
      wrong: 'looks every subvector up in the first codebook',
      run: withInput(sound, ({ codebooks, vectors }) => ({
        codebooks: firstForAll(codebooks),
        vectors,
      })),
    },
    {
      id: 'interleaved',
      defect: 'classic',
      wrong: 'takes every Mth component for a subvector',
      run: withInput(sound, ({ codebooks, vectors }) => ({
        codebooks,
        vectors: dealt(vectors, codebooks),
      })),
    },
    {
      id: 'codes-by-columns',
      defect: 'classic',
      wrong: 'writes a square table of codes by columns',
      run: withOutput(sound, ({ codes }) => ({ codes: byColumns(codes) })),
    },
    {
      id: 'subvectors-reversed',
      defect: 'classic',
      wrong: 'writes the codes of a vector from the last subvector to the first',
      run: withOutput(sound, ({ codes }) => ({ codes: reversed(codes) })),
    },
    {
      id: 'counts-from-one',
      defect: 'classic',
      wrong: 'numbers the centroids from 1',
      run: withOutput(sound, ({ codes }, { codebooks }) => ({
        codes: mapped(codes, (code) => Math.min(code + 1, (codebooks.shape[1] ?? 1) - 1)),
      })),
    },
    {
      id: 'first-vector-for-all',
      defect: 'classic',
      wrong: 'gives every vector the codes of the first',
      run: withOutput(sound, ({ codes }) => ({
        codes: mapped(codes, (_, i) => codes.data[i % (codes.shape[1] ?? 1)] ?? 0),
      })),
    },
  ],
};
