import { roundTo } from '../../../spec/format.ts';
import { chunksOf } from '../../../spec/indexes/codebooks.ts';
import type { PqOpening } from '../../../spec/indexes/decoded.ts';
import { soundSteps, type Changes, type Score } from '../../honest/indexes/ivfPq.ts';
import { trainingFaults, type CodeFault } from './trainingFaults.ts';
import { placeOfLeast, type Row } from '../../honest/indexes/nearest.ts';

const sum = (row: Row): number => row.reduce((total, x) => total + x, 0);
const dot = (x: Row, y: Row): number => sum(x.map((value, d) => value * (y[d] ?? NaN)));
const scaled = (row: Row, factor: number): Row => row.map((x) => factor * x);

/** What goes into a score changed on the way in. */
const scoring =
  (change: (scored: Parameters<Score>[0], opening: PqOpening) => Parameters<Score>[0]): Changes =>
  (machine, opening) => ({
    score: (scored) => soundSteps(machine, opening).score(change(scored, opening)),
  });

/** The squared distance by its parts, of which one is left out. */
const withoutCross: Changes = (machine, opening) => ({
  score: (scored) => {
    const { query, centroid, residual } = scored;
    const rest = residual.flat();
    if (opening.metric !== 'euclidean') return soundSteps(machine, opening).score(scored);
    const away = query.map((x, d) => x - (centroid[d] ?? NaN));
    return Math.sqrt(Math.max(0, dot(away, away) + dot(rest, rest) - 2 * dot(query, rest)));
  },
});

/** Vectors, or queries, as long as they come. */
const unscaled =
  (...uses: readonly ('training' | 'adding' | 'asking')[]): Changes =>
  (machine, opening) => ({
    prepare: (row, use) =>
      uses.includes(use) ? row : soundSteps(machine, opening).prepare(row, use),
  });

/** Tables that are made for one query and used for the next. */
const lateTables: Changes = (machine, opening) => {
  let before: Row | undefined;
  let current: Row = [];
  return {
    prepare: (row, use) => {
      if (use === 'asking') {
        before = current.length === 0 ? row : current;
        current = row;
      }
      return soundSteps(machine, opening).prepare(row, use);
    },
    score: (scored) =>
      soundSteps(machine, opening).score({
        ...scored,
        query: soundSteps(machine, opening).prepare(before ?? scored.query, 'adding'),
      }),
  };
};

/** Steps of an inverted file of codes that are wrong. */
export const codeFaults: readonly CodeFault[] = [
  {
    id: 'without-cross-term',
    defect: 'index-ivf-pq-03',
    wrong: '‖q − c‖² + ‖r‖² − 2⟨q, r⟩: leaves 2⟨c, r⟩ out',
    change: withoutCross,
  },
  {
    id: 'query-as-it-is',
    defect: 'index-ivf-pq-05',
    wrong: 'cosine of queries as long as they come',
    change: unscaled('asking'),
  },
  {
    id: 'vectors-as-they-are',
    defect: 'index-ivf-pq-05',
    wrong: 'cosine of vectors as long as they come, on normalised codebooks',
    change: unscaled('adding'),
  },
  {
    id: 'cosine-as-dot',
    defect: 'index-ivf-pq-05',
    wrong: 'cosine without normalising anything',
    change: unscaled('training', 'adding', 'asking'),
  },
  ...trainingFaults,
  {
    id: 'residual-alone',
    defect: 'classic',
    wrong: 'scores the residual without the centroid of its list',
    change: scoring((scored) => ({ ...scored, centroid: scaled(scored.centroid, 0) })),
  },
  {
    id: 'centroid-twice',
    defect: 'classic',
    wrong: 'adds the centroid of the list twice',
    change: scoring((scored) => ({ ...scored, centroid: scaled(scored.centroid, 2) })),
  },
  {
    id: 'codes-of-vectors',
    defect: 'classic',
    wrong: 'encodes vectors by codebooks of residuals',
    change: () => ({ residual: (row) => row }),
  },
  {
    id: 'residual-turned',
    defect: 'classic',
    wrong: 'encodes c − x for x − c',
    change: () => ({ residual: (row, centroid) => row.map((x, d) => (centroid[d] ?? NaN) - x) }),
  },
  {
    id: 'first-codebook',
    defect: 'classic',
    wrong: 'decodes every subvector by the codebook of the first',
    change: () => ({ decode: (codes, books) => codes.map((code) => books[0]?.[code] ?? []) }),
  },
  {
    id: 'codebooks-reversed',
    defect: 'classic',
    wrong: 'decodes by the codebooks from the last to the first',
    change: () => ({
      decode: (codes, books) => codes.map((code, m) => books.toReversed()[m]?.[code] ?? []),
    }),
  },
  {
    id: 'subvectors-reversed',
    defect: 'classic',
    wrong: 'puts decoded subvectors together from the last to the first',
    change: scoring((scored) => ({ ...scored, residual: scored.residual.toReversed() })),
  },
  {
    id: 'interleaved',
    defect: 'classic',
    wrong: 'looks queries up by every Mth component in place of runs',
    change: scoring((scored, { subvectors }) => ({
      ...scored,
      query: chunksOf(scored.query, subvectors)
        .flatMap((part) => part.map((x, at) => ({ x, at })))
        .toSorted((x, y) => x.at - y.at)
        .map(({ x }) => x),
    })),
  },
  {
    id: 'codes-of-four-bits',
    defect: 'index-pq-03',
    wrong: 'keeps four bits of a code',
    change: (machine, opening) => ({
      encode: (parts, books) =>
        soundSteps(machine, opening)
          .encode(parts, books)
          .map((code) => code & 15),
    }),
  },
  {
    id: 'codes-of-seven-bits',
    defect: 'classic',
    wrong: 'keeps codes in signed bytes, whose sign is lost',
    change: (machine, opening) => ({
      encode: (parts, books) =>
        soundSteps(machine, opening)
          .encode(parts, books)
          .map((code) => code & 127),
    }),
  },
  {
    id: 'farthest-code',
    defect: 'classic',
    wrong: 'takes the farthest centroid of a codebook',
    change: () => ({
      encode: (parts, books) =>
        parts.map((part, m) =>
          placeOfLeast(
            (books[m] ?? []).map((one) => -sum(one.map((x, d) => (x - (part[d] ?? NaN)) ** 2))),
          ),
        ),
    }),
  },
  {
    id: 'code-of-the-first',
    defect: 'classic',
    wrong: 'gives every subvector the code of the first',
    change: (machine, opening) => ({
      encode: (parts, books) => {
        const [first = 0] = soundSteps(machine, opening).encode(parts, books);
        return parts.map(() => first);
      },
    }),
  },
  {
    id: 'late-tables',
    defect: 'classic',
    wrong: 'scores by the tables of the query before',
    change: lateTables,
  },
  {
    id: 'squared',
    defect: 'classic',
    wrong: 'answers squared distances',
    change: (machine, opening) => ({
      score: (scored) => {
        const score = soundSteps(machine, opening).score(scored);
        return opening.metric === 'euclidean' ? machine.round(score * score) : score;
      },
    }),
  },
  {
    id: 'bfloat16-scores',
    defect: 'classic',
    wrong: 'keeps scores in bfloat16 without saying so',
    change: (machine, opening) => ({
      score: (scored) => roundTo(soundSteps(machine, opening).score(scored), 'bfloat16'),
    }),
  },
];
