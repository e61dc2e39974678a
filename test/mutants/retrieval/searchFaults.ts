import { firstHits, hitsOf } from '../../../conformance/implementations/hits.ts';
import {
  passing,
  soundParts,
  type Library,
  type PipelineParts,
} from '../../../conformance/implementations/pipeline.ts';
import type { Property, Search } from '../../../spec/retrieval/pipelineScript.ts';
import type { PipelineFault } from './pipelineFaults.ts';

const questionOf = ({ query, k }: Search['input']) => ({
  queries: { ...query, shape: [1, ...query.shape] },
  k,
});

/** Another filter than the one that is asked for. */
const filtering = (
  filter: (filter: readonly Property[], library: Library) => readonly Property[] | undefined,
): Pick<PipelineParts, 'nearest'> => ({
  nearest: (library, index, { filter: asked, ...input }) => {
    const other = asked === undefined ? undefined : filter(asked, library);
    return soundParts.nearest(library, index, {
      ...input,
      ...(other === undefined ? {} : { filter: other }),
    });
  },
});

/** The chunks that pass by another rule. */
const passingBy = (
  passes: (metadata: readonly Property[], filter: readonly Property[]) => boolean,
): Pick<PipelineParts, 'nearest'> => ({
  nearest: async (library, index, { filter, ...input }) => {
    if (filter === undefined) return soundParts.nearest(library, index, input);
    const all = [...library.chunks.values()];
    const allowedIds = all.filter(({ metadata }) => passes(metadata, filter)).map(({ id }) => id);
    return hitsOf(index, { ...questionOf(input), allowedIds });
  },
});

export const searchFaults: readonly PipelineFault[] = [
  {
    id: 'filters-after-k',
    defect: 'metadata-filter-01',
    wrong: 'finds the k best and filters those: matches behind them are lost',
    changed: {
      nearest: async (library, index, { filter, ...input }) => {
        const found = await soundParts.nearest(library, index, input);
        const wanted = passing(library, filter ?? []);
        return firstHits(found, (place) => wanted.includes(found.ids[place] ?? -1));
      },
    },
  },
  {
    id: 'ignores-filter',
    defect: 'metadata-filter-06',
    wrong: 'takes no notice of the filter',
    changed: filtering(() => undefined),
  },
  {
    id: 'empty-filter-finds-nothing',
    defect: 'metadata-filter-03',
    wrong: 'finds nothing where the filter asks for nothing',
    changed: passingBy(
      (metadata, filter) =>
        filter.length > 0 &&
        filter.every((one) => metadata.some((p) => p.key === one.key && p.value === one.value)),
    ),
  },
  {
    id: 'any-property',
    wrong: 'lets pass what has one of the properties',
    changed: passingBy(
      (metadata, filter) =>
        filter.length === 0 ||
        filter.some((one) => metadata.some((p) => p.key === one.key && p.value === one.value)),
    ),
  },
  {
    id: 'last-property',
    wrong: 'keeps the last value of a key that has several',
    changed: passingBy((metadata, filter) => {
      const last = new Map(metadata.map(({ key, value }) => [key, value]));
      return filter.every(({ key, value }) => last.get(key) === value);
    }),
  },
  {
    id: 'key-of-an-object',
    wrong: 'keeps properties as those of an object, which has some already and loses __proto__',
    changed: passingBy((metadata, filter) => {
      const held: Record<string, string[]> = {};
      for (const { key, value } of metadata) {
        const known: unknown = held[key];
        if (Array.isArray(known)) known.push(value);
        else held[key] = [value];
      }
      const owned = new Map(Object.entries(held));
      return filter.every(({ key, value }) => owned.get(key)?.includes(value) === true);
    }),
  },
  {
    id: 'folds-values',
    wrong: 'compares values without their case',
    changed: passingBy((metadata, filter) =>
      filter.every((one) =>
        metadata.some(
          ({ key, value }) => key === one.key && value.toLowerCase() === one.value.toLowerCase(),
        ),
      ),
    ),
  },
  {
    id: 'strict-threshold',
    defect: 'similarity-cutoffs-06',
    wrong: 'leaves out what equals the threshold',
    changed: {
      reaches: ({ open: { metric } }, score, threshold) =>
        metric === 'euclidean' ? score < threshold : score > threshold,
    },
  },
  {
    id: 'similarity-threshold',
    defect: 'sharded-merge-03',
    wrong: 'takes distances for similarities at the threshold',
    changed: { reaches: (_, score, threshold) => score >= threshold },
  },
  {
    id: 'no-threshold-at-0',
    wrong: 'takes a threshold of 0 for none',
    changed: {
      reaches: (library, score, threshold) =>
        threshold === 0 || soundParts.reaches(library, score, threshold),
    },
  },
  {
    id: 'at-most-one',
    defect: 'similarity-cutoffs-07',
    wrong: 'leaves out a similarity over 1',
    changed: {
      reaches: (library, score, threshold) =>
        soundParts.reaches(library, score, threshold) &&
        (library.open.metric === 'euclidean' || score <= 1),
    },
  },
  {
    id: 'far-is-similar',
    defect: 'similarity-cutoffs-01',
    wrong: 'takes whatever is farther than 1 from a similarity of 1 for quite similar',
    changed: {
      reaches: (library, score, threshold) =>
        soundParts.reaches(library, score, threshold) ||
        (library.open.metric === 'cosine' && score <= 0),
    },
  },
  {
    id: 'threshold-ignored',
    wrong: 'takes no notice of the threshold',
    changed: { reaches: () => true },
  },
];
