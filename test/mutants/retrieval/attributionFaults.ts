import { citations } from '../../../conformance/implementations/citations.ts';
import {
  soundParts,
  type Library,
  type PipelineParts,
} from '../../../conformance/implementations/pipeline.ts';
import type { PipelineFault } from './pipelineFaults.ts';

type Attribute = PipelineParts['attribute'];

/** Citations, however they are found, by whether they are founded, however that is told. */
const attributing = (
  cited: (answer: string) => readonly number[],
  isFounded: (library: Library, id: number) => boolean = ({ prompted }, id) =>
    prompted?.includes(id) === true,
): Attribute => {
  return (library, answer) => {
    const ids = cited(answer);
    return {
      citations: ids
        .filter((id) => isFounded(library, id))
        .map((id) => ({ id, document: library.chunks.get(id)?.document ?? '' })),
      unfounded: ids.filter((id) => !isFounded(library, id)),
    };
  };
};

/** The distinct numbers that a pattern finds. */
const matched =
  (pattern: RegExp) =>
  (answer: string): readonly number[] => [
    ...new Set(
      [...answer.matchAll(pattern)]
        .map(([, digits]) => Number(digits))
        .filter((id) => id < 2 ** 31),
    ),
  ];

export const attributionFaults: readonly PipelineFault[] = [
  {
    id: 'cites-what-it-holds',
    wrong: 'takes a citation of anything that is held for founded',
    changed: { attribute: attributing(citations, ({ chunks }, id) => chunks.has(id)) },
  },
  {
    id: 'cites-what-it-found',
    wrong: 'takes a citation of what the last search found for founded',
    changed: {
      attribute: attributing(citations, ({ retrieved }, id) => retrieved?.includes(id) === true),
    },
  },
  {
    id: 'cites-what-has-gone',
    wrong: 'attributes what has been removed or replaced since it was in the prompt',
    changed: {
      ingest: async (library, index, input) => {
        const { prompted } = library;
        await soundParts.ingest(library, index, input);
        library.prompted = prompted;
      },
    },
  },
  {
    id: 'cites-everything',
    wrong: 'takes every citation for founded',
    changed: { attribute: attributing(citations, () => true) },
  },
  {
    id: 'leaves-out-the-unfounded',
    wrong: 'says nothing of what is cited without ground',
    changed: {
      attribute: (library, answer) => ({
        ...soundParts.attribute(library, answer),
        unfounded: [],
      }),
    },
  },
  {
    id: 'chunk-0-is-none',
    wrong: 'takes the id 0 for none',
    changed: { attribute: attributing((answer) => citations(answer).filter(Boolean)) },
  },
  {
    id: 'leading-zeros',
    wrong: 'reads [007] as 7',
    changed: { attribute: attributing(matched(/\[(\d+)\]/g)) },
  },
  {
    id: 'spaces-inside',
    wrong: 'reads [ 2 ] as 2',
    changed: { attribute: attributing(matched(/\[ *(0|[1-9]\d*) *\]/g)) },
  },
  {
    id: 'signs-inside',
    wrong: 'reads [+1] as 1',
    changed: { attribute: attributing(matched(/\[(\+?(?:0|[1-9]\d*))\]/g)) },
  },
  {
    id: 'lists-inside',
    wrong: 'reads [1, 2] as 1',
    changed: { attribute: attributing(matched(/\[(0|[1-9]\d*)(?:, *\d+)*\]/g)) },
  },
  {
    id: 'without-brackets',
    wrong: 'takes every number for a citation',
    changed: { attribute: attributing(matched(/(\d+)/g)) },
  },
  {
    id: 'two-digits-at-most',
    wrong: 'reads no id of more than two digits',
    changed: { attribute: attributing(matched(/\[(0|[1-9]\d?)\]/g)) },
  },
  {
    id: 'repeats-citations',
    wrong: 'tells a citation as often as it is made',
    changed: {
      attribute: attributing((answer) =>
        [...answer.matchAll(/\[(0|[1-9]\d{0,9})\]/g)]
          .map(([, digits]) => Number(digits))
          .filter((id) => id < 2 ** 31),
      ),
    },
  },
  {
    id: 'sorted-citations',
    wrong: 'tells citations by rising id',
    changed: { attribute: attributing((answer) => citations(answer).toSorted((x, y) => x - y)) },
  },
  {
    id: 'attributes-unprompted',
    wrong: 'attributes before there is any prompt',
    changed: {
      rejection: (library, request) => {
        const found = soundParts.rejection(library, request);
        return found === 'expected a prompt before it' ? undefined : found;
      },
    },
  },
];
