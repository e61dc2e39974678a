import type { Input } from '../../../spec/index.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Kernel = Mutants<'indexMemory'>['honest'];
type Index = Input<'indexMemory'>;

/** What the parts of an index take, in bits; a mutant has one of them wrong. */
interface Parts {
  readonly levels: (index: Index) => number;
  readonly code: (centroids: number) => number;
  readonly codebooks: (index: Index) => number;
  readonly centroids: (index: Index) => number;
  readonly ids: (index: Index) => number;
  readonly ranges: number;
}

const vectorBits = ({ dimension, bitsPerComponent }: Index): number => dimension * bitsPerComponent;

const upper = ({ vectors, m = 2 }: Index): readonly number[] => {
  const counts = [];
  for (let count = Math.floor(vectors / m); count > 0; count = Math.floor(count / m))
    counts.push(count);
  return counts;
};
const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

const right: Parts = {
  levels: (index) => 2 * index.vectors + sum(upper(index)),
  code: (centroids) => (centroids - 1).toString(2).length,
  codebooks: (index) => (index.centroids ?? 0) * vectorBits(index),
  centroids: (index) => (index.lists ?? 0) * vectorBits(index),
  ids: (index) => index.vectors * index.idBits,
  ranges: 2,
};

const withParts =
  (changed: Partial<Parts>): Kernel =>
  (index) => {
    const { kind, vectors, m = 0, linkBits, subvectors = 0, centroids = 2, dimension } = index;
    const parts = { ...right, ...changed };
    const exact = vectors * vectorBits(index);
    const bits = {
      flat: exact,
      hnsw: exact + m * linkBits * parts.levels(index),
      ivfFlat: exact + parts.centroids(index) + parts.ids(index),
      ivfPq:
        vectors * subvectors * parts.code(centroids) +
        parts.centroids(index) +
        parts.codebooks(index) +
        parts.ids(index),
      sq8: 8 * vectors * dimension + parts.ranges * vectorBits(index),
    };
    return { bytes: bits[kind] / 8 };
  };

const honest = withParts({});
const none = (): number => 0;

export const indexMemory: Mutants<'indexMemory'> = {
  honest,
  mutants: [
    {
      id: 'bits-as-bytes',
      defect: 'classic',
      wrong: 'does not divide by 8: the 24.6 GB of the notes',
      run: withOutput(honest, ({ bytes }) => ({ bytes: 8 * bytes })),
    },
    {
      id: 'whole-bytes',
      defect: 'classic',
      wrong: 'fills the last byte up',
      run: withOutput(honest, ({ bytes }) => ({ bytes: Math.ceil(bytes) })),
    },
    {
      id: 'lowest-level-alone',
      defect: 'classic',
      wrong: 'forgets the levels above the lowest',
      run: withParts({ levels: ({ vectors }) => 2 * vectors }),
    },
    {
      id: 'm-links',
      defect: 'classic',
      wrong: 'gives M links a vector, once: O(n·M) taken to the letter',
      run: withParts({ levels: ({ vectors }) => vectors }),
    },
    {
      id: 'm-on-lowest-level',
      defect: 'classic',
      wrong: 'gives the lowest level M links instead of 2M',
      run: withParts({ levels: (index) => index.vectors + sum(upper(index)) }),
    },
    {
      id: 'continuous-levels',
      defect: 'classic',
      wrong: 'takes 1/ln M for the mean level',
      run: withParts({
        levels: ({ vectors, m = 2 }) => 2 * vectors + Math.round(vectors / Math.log(m)),
      }),
    },
    {
      id: 'mean-levels',
      defect: 'classic',
      wrong: 'counts N / (M − 1) places above, vectors in parts',
      run: withParts({ levels: ({ vectors, m = 2 }) => 2 * vectors + vectors / (m - 1) }),
    },
    {
      id: 'one-level-above',
      defect: 'classic',
      wrong: 'counts the first level above alone',
      run: withParts({ levels: (index) => 2 * index.vectors + (upper(index)[0] ?? 0) }),
    },
    {
      id: 'links-of-four-bytes',
      defect: 'classic',
      wrong: 'takes links of 32 bits, whatever is said',
      run: withInput(honest, (index) => ({ ...index, linkBits: 32 })),
    },
    {
      id: 'no-centroids',
      defect: 'classic',
      wrong: 'forgets the centroids of the lists',
      run: withParts({ centroids: none }),
    },
    {
      id: 'no-ids',
      defect: 'classic',
      wrong: 'forgets the ids',
      run: withParts({ ids: none }),
    },
    {
      id: 'codes-alone',
      defect: 'classic',
      wrong: 'counts codes and nothing else: the 8 MB of the notes',
      run: withParts({ ids: none, centroids: none, codebooks: none }),
    },
    {
      id: 'codebook-for-each-subvector',
      defect: 'classic',
      wrong: 'codebooks of the whole width for each subvector',
      run: withParts({ codebooks: (index) => right.codebooks(index) * (index.subvectors ?? 1) }),
    },
    {
      id: 'bytes-for-codes',
      defect: 'classic',
      wrong: 'fills every code up to whole bytes',
      run: withParts({ code: (centroids) => 8 * Math.ceil(right.code(centroids) / 8) }),
    },
    {
      id: 'digits-of-k',
      defect: 'classic',
      wrong: 'the digits of K in base 2: one more where it is a power of two',
      run: withParts({ code: (centroids) => centroids.toString(2).length }),
    },
    {
      id: 'no-ranges',
      defect: 'classic',
      wrong: 'forgets the ranges of the dimensions',
      run: withParts({ ranges: 0 }),
    },
    {
      id: 'always-float32',
      defect: 'classic',
      wrong: 'takes 32 bits a component, whatever is said',
      run: withInput(honest, (index) => ({ ...index, bitsPerComponent: 32 })),
    },
    {
      id: 'wraps',
      defect: 'classic',
      wrong: 'counts in 32-bit integers',
      run: withOutput(honest, ({ bytes }) => ({ bytes: bytes % 2 ** 32 })),
    },
    {
      id: 'float32',
      defect: 'classic',
      wrong: 'counts in float32',
      run: withOutput(honest, ({ bytes }) => ({ bytes: Math.fround(bytes) })),
    },
  ],
};
