import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { fields, positiveInteger, real } from '../schema.ts';
import { indexes } from './indexInputs.ts';
import { indexLaws } from './indexLaws.ts';
import { bitsOf, kinds, sizes, sizesOf } from './indexParts.ts';
import { byteCount, isHeld, notHeld } from './whole.ts';
import { indexMemorySizes } from './sizes.ts';

const million = 1e6;

const atLeastTwo = (description: string) =>
  real('an integer ≥ 2', (value) => Number.isSafeInteger(value) && value >= 2, description);

/**
 * bytes = Σ over what an index keeps, in bits, / 8. flat: N·D·b. sq8: 8·N·D, and two ends of a range for each dimension, 2·D·b.
 * hnsw: N·D·b, and places for 2M links on the lowest level and M on each other; ⌊N / M^l⌋ vectors reach level l. The paper's
 * M_max0 + m_L·M_max links a vector take a level for a continuous number; the whole levels that are drawn are 1 / (M − 1) in the mean.
 * ivfFlat: N·D·b, L centroids, and N ids, as lists tear vectors from their places. ivfPq: N codes of M·⌈log₂ K⌉ bits, L centroids,
 * codebooks of K·D components, and N ids.
 *
 * The notes' figures for a million vectors of 768 components of 32 bits: brute force, 3.072 GB, is reproduced (their 3.0 is cut off), and
 * 24.6 GB refuted: those are 24.576 · 10⁹ bits. hnsw, 4.5 GB, is refuted: 16 links a vector make 3.204 GB, 64 make 3.588. IVF with 1000
 * clusters, 3.2 GB, is refuted: 3.083. IVF with PQ, 8 MB, is refuted: that is the codes alone; centroids, codebooks and ids make 19.858 MB.
 * Nor are PQ's codebooks k^m large: they are k·d.
 *
 * @example
 * indexMemory({ kind: 'flat', vectors: 1000000, dimension: 768 }) // → { bytes: 3072000000 }
 */
export const indexMemory = component({
  family: 'accounting',
  summary: 'How many bytes an index of vectors takes.',
  formula: String.raw`\begin{aligned}\text{flat} &= \tfrac18 NDb,\quad \text{hnsw} = \text{flat} + \tfrac18 M \ell \bigl(2N + \sum_{i\ge1} \lfloor N / M^i \rfloor\bigr),\quad \text{ivfFlat} = \tfrac18 (NDb + LDb + Ni),\\ \text{ivfPq} &= \tfrac18 (N m \lceil \log_2 K \rceil + LDb + KDb + Ni),\quad \text{sq8} = \tfrac18 (8ND + 2Db)\end{aligned}`,
  source:
    'Malkov & Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs, 2018, §4.1 (M_max0 = 2M, m_L = 1/ln M) and §4.2.3 (memory); Jégou, Douze, Schmid, Product Quantization, 2011, §II.B and §IV (ivfPq); whole levels, and what is left out, are house definitions',
  domain:
    'Whole numbers from 1 on, m and centroids from 2 on; the subvectors divide the dimension. A kind must be given its own sizes and no others. Padding, headers, counters, the lengths of lists and the data that vectors stand for are left out. The notes’ table: brute force reproduced (3.072 GB); 24.6 GB, and their figures for HNSW, IVF and IVF with PQ refuted. Where a double does not hold the answer exactly the input is rejected.',
  input: fields({
    kind: z.enum(kinds).meta({ description: 'what is kept of a vector, and how it is found' }),
    vectors: positiveInteger('vectors in the index'),
    dimension: positiveInteger('components of a vector'),
    bitsPerComponent: positiveInteger(
      'bits of a component of a vector, a centroid or a range',
    ).default(32),
    m: atLeastTwo('hnsw: links of a vector on a level above the lowest').optional(),
    lists: positiveInteger('ivfFlat, ivfPq: clusters').optional(),
    subvectors: positiveInteger('ivfPq: parts that a vector is cut into').optional(),
    centroids: atLeastTwo('ivfPq: that each part may become').optional(),
    idBits: positiveInteger('ivfFlat, ivfPq: bits of an id').default(64),
    linkBits: positiveInteger('hnsw: bits of a link').default(32),
  }).superRefine((index, context) => {
    for (const size of sizes)
      if ((index[size] === undefined) === sizesOf[index.kind].includes(size))
        context.addIssue({
          code: 'custom',
          path: [size],
          message: `expected ${index[size] === undefined ? 'a number' : 'nothing'} where kind is ${index.kind}`,
        });
    if (index.subvectors !== undefined && index.dimension % index.subvectors !== 0)
      context.addIssue({
        code: 'custom',
        path: ['subvectors'],
        message: 'expected a divisor of the dimension',
      });
    if (!isHeld(bitsOf(index))) context.addIssue({ code: 'custom', ...notHeld });
  }),
  output: fields({ bytes: byteCount('bytes, exactly') }),
  arbitrary: indexes,
  sized: indexMemorySizes,
  invalid: {
    'the subvectors do not divide the dimension': fc.constant({
      kind: 'ivfPq',
      vectors: 100,
      dimension: 10,
      lists: 2,
      subvectors: 4,
      centroids: 16,
    }),
    'a single centroid': fc.constant({
      kind: 'ivfPq',
      vectors: 100,
      dimension: 8,
      lists: 2,
      subvectors: 4,
      centroids: 1,
    }),
    'vectors below none': fc.constant({ kind: 'flat', vectors: -5, dimension: 8 }),
    'part of a link': fc.constant({ kind: 'hnsw', vectors: 100, dimension: 8, m: 2.5 }),
    'a kind that there is not': fc.constant({ kind: 'btree', vectors: 100, dimension: 8 }),
  },
  boundSource: 'exact',
  laws: indexLaws,
  examples: [
    {
      id: 'notes-flat',
      why: 'a million vectors of 768 float32: 3.072 GB, not 24.6 GB, which are gigabits',
      flags: ['ordinary', 'bits-as-bytes'],
      input: { kind: 'flat', vectors: million, dimension: 768 },
    },
    {
      id: 'notes-hnsw',
      why: 'a graph of 16 links a vector adds 132 MB, and not the half of the vectors',
      flags: ['graph'],
      input: { kind: 'hnsw', vectors: million, dimension: 768, m: 16 },
    },
    {
      id: 'notes-ivf',
      why: '1000 centroids and a million ids add 11 MB',
      flags: ['centroids', 'ids'],
      input: { kind: 'ivfFlat', vectors: million, dimension: 768, lists: 1000 },
    },
    {
      id: 'notes-ivf-pq',
      why: '8 MB of codes are less than half of it',
      flags: ['codes', 'codebooks'],
      input: {
        kind: 'ivfPq',
        vectors: million,
        dimension: 768,
        lists: 1000,
        subvectors: 8,
        centroids: 256,
      },
    },
    {
      id: 'scalar',
      why: 'a byte a component, and two ranges of float32',
      flags: ['ranges'],
      input: { kind: 'sq8', vectors: million, dimension: 768 },
    },
    {
      id: 'levels',
      why: '1000 vectors on levels of 1000, 333, 111, 37, 12, 4 and 1',
      flags: ['levels'],
      input: { kind: 'hnsw', vectors: 1000, dimension: 5, m: 3 },
    },
    {
      id: 'one-level',
      why: 'fewer vectors than links: no level above the lowest',
      flags: ['levels', 'smallest'],
      input: { kind: 'hnsw', vectors: 7, dimension: 2, m: 8, linkBits: 64 },
    },
    {
      id: 'whole-bits',
      why: '100 centroids need 7 bits; 9 · 5 · 7 bits end in a part of a byte',
      flags: ['whole-bits', 'fraction'],
      input: {
        kind: 'ivfPq',
        vectors: 9,
        dimension: 15,
        bitsPerComponent: 16,
        lists: 3,
        subvectors: 5,
        centroids: 100,
        idBits: 32,
      },
    },
    {
      id: 'half-precision',
      why: 'centroids and vectors of 16 bits, ids of 32',
      flags: ['bits-per-component'],
      input: {
        kind: 'ivfFlat',
        vectors: 12345,
        dimension: 96,
        bitsPerComponent: 16,
        lists: 111,
        idBits: 32,
      },
    },
    {
      id: 'beyond-32-bits',
      why: 'more bytes than a 32-bit integer counts',
      flags: ['overflow'],
      input: { kind: 'flat', vectors: 2 ** 31 + 1, dimension: 3, bitsPerComponent: 8 },
    },
  ],
});
