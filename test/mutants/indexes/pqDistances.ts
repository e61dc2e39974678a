import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { centroidsOf, subvectorsOf } from '../../../spec/indexes/codebooks.ts';
import { nearestBy, type Measure } from '../../honest/indexes/nearest.ts';
import { byTable, distancesOf, pqDistances as honest } from '../../honest/indexes/pqDistances.ts';
import { narrow } from '../similarity/couples.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';
import { squared, unit, wrongMeasures } from './measures.ts';
import { byColumns, firstForAll } from './pqDecode.ts';
import { dealt } from './pqEncode.ts';

const sound = honest(unit);
const { round } = unit;

const withTable = (entry: Measure, machine = unit): Mutants<'pqDistances'>['honest'] =>
  distancesOf(unit, byTable(machine, entry));

/** A query whose subvectors are their nearest centroids. */
const encodedFirst = withInput(sound, ({ codebooks, codes, queries }) => {
  const books = centroidsOf(codebooks);
  const rows = subvectorsOf(queries, codebooks.shape[2] ?? 1).flatMap((query) =>
    query.flatMap((part, m) => {
      const centroids = books[m] ?? [];
      return centroids[nearestBy(squared)(part, centroids)] ?? [];
    }),
  );
  return { codebooks, codes, queries: tensor('float32', queries.shape, rows) };
});

/** The square of distances by queries and vectors, by vectors and queries where the shape does not tell. */
const transposed = withOutput(sound, ({ distances }) => {
  const [rows = 0, width = 0] = distances.shape;
  return rows === width
    ? {
        distances: mapped(
          distances,
          (_, i) => distances.data[(i % width) * width + Math.floor(i / width)] ?? NaN,
        ),
      }
    : { distances };
});

export const pqDistances: Mutants<'pqDistances'> = {
  honest: sound,
  mutants: [
    ...Object.entries(wrongMeasures).map(([id, { measure, ...reason }]) => ({
      id,
      ...reason,
      run: withTable(measure),
    })),
    {
      id: 'zeros',
      defect: 'index-ivf-pq-06',
      wrong: 'leaves all distances at zero',
      run: withOutput(sound, ({ distances }) => ({ distances: mapped(distances, () => 0) })),
    },
    {
      id: 'without-the-cross-term',
      defect: 'index-ivf-pq-03',
      wrong: '‖q‖² + ‖c‖²: the table lacks the product of both',
      run: withTable((x, c) => round(unit.dot(x, x) + unit.dot(c, c))),
    },
    {
      id: 'float16-table',
      defect: 'classic',
      wrong: 'keeps the table in float16 without saying so',
      run: withTable((x, c) => roundTo(squared(x, c), 'float16')),
    },
    {
      id: 'sixteen-bit-sums',
      defect: 'classic',
      wrong: 'adds entries that are bytes in 16 bits: beyond 257 of them the sum begins anew',
      run: distancesOf(unit, (query, vector) => {
        const entries = query.map((part, m) => squared(part, vector[m] ?? []));
        const areBytes = entries.every((entry) => Number.isInteger(entry) && entry < 256);
        return areBytes ? unit.sum(entries) % 65536 : unit.sum(entries);
      }),
    },
    {
      id: 'bfloat16-table',
      defect: 'classic',
      wrong: 'keeps the table in bfloat16 without saying so',
      run: withTable((x, c) => roundTo(squared(x, c), 'bfloat16')),
    },
    {
      id: 'narrow-sum-of-entries',
      defect: 'classic',
      wrong: 'adds the entries in float16',
      run: withTable(squared, narrow('float16')),
    },
    {
      id: 'symmetric',
      defect: 'classic',
      wrong: 'encodes the query first',
      run: encodedFirst,
    },
    {
      id: 'root',
      defect: 'classic',
      wrong: 'takes the root',
      run: withOutput(sound, ({ distances }) => ({
        distances: mapped(distances, (x) => round(Math.sqrt(x))),
      })),
    },
    {
      id: 'sum-of-roots',
      defect: 'classic',
      wrong: 'adds the distances of the subvectors, not their squares',
      run: withTable((x, c) => round(Math.sqrt(squared(x, c)))),
    },
    {
      id: 'mean',
      defect: 'classic',
      wrong: 'divides by the number of subvectors',
      run: withOutput(sound, ({ distances }, { codes }) => ({
        distances: mapped(distances, (x) => round(x / (codes.shape[1] ?? 1))),
      })),
    },
    {
      id: 'drops-the-last-subvector',
      defect: 'classic',
      wrong: 'does not add the last of several subvectors',
      run: distancesOf(unit, (query, vector) => {
        const all = query.length > 1 ? query.slice(0, -1) : query;
        return byTable(unit, squared)(all, vector);
      }),
    },
    {
      id: 'first-codebook-for-all',
      defect: 'classic',
      wrong: 'looks every subvector up in the first codebook',
      run: withInput(sound, (input) => ({ ...input, codebooks: firstForAll(input.codebooks) })),
    },
    {
      id: 'interleaved',
      defect: 'classic',
      wrong: 'takes every Mth component of a query for a subvector',
      run: withInput(sound, (input) => ({
        ...input,
        queries: dealt(input.queries, input.codebooks),
      })),
    },
    {
      id: 'codes-by-columns',
      defect: 'classic',
      wrong: 'reads the codes of a square table by columns',
      run: withInput(sound, (input) => ({ ...input, codes: byColumns(input.codes) })),
    },
    {
      id: 'seven-bits',
      defect: 'classic',
      wrong: 'drops the highest bit of a code',
      run: withInput(sound, (input) => ({
        ...input,
        codes: mapped(input.codes, (code) => code & 127),
      })),
    },
    {
      id: 'table-of-the-first-query',
      defect: 'classic',
      wrong: 'makes a table for the first query and uses it for all',
      run: withInput(sound, (input) => {
        const first = rowsOf(input.queries)[0] ?? [];
        return {
          ...input,
          queries: mapped(input.queries, (_, i) => first[i % first.length] ?? NaN),
        };
      }),
    },
    {
      id: 'transposed',
      defect: 'classic',
      wrong: 'gives distances by vectors and queries',
      run: transposed,
    },
    {
      id: 'first-centroid-is-zero',
      defect: 'classic',
      wrong: 'takes centroid 0 for no centroid, of distance 0 from the origin',
      run: withInput(sound, (input) => ({
        ...input,
        codebooks: mapped(input.codebooks, (x, i) =>
          i % ((input.codebooks.shape[1] ?? 1) * (input.codebooks.shape[2] ?? 1)) <
          (input.codebooks.shape[2] ?? 1)
            ? 0
            : x,
        ),
      })),
    },
  ],
};
