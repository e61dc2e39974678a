import { indexSession, type OpenIndex } from '../../../conformance/implementations/collection.ts';
import { pipelineOver } from '../../../conformance/implementations/pipeline.ts';
import type { Opening } from '../../../spec/indexes/script.ts';
import { openTable } from '../../honest/indexes/flatIndex.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { retrievalPipeline as honest } from '../../honest/retrieval/retrievalPipeline.ts';
import { nearestNeighbors } from '../../honest/similarity/nearestNeighbors.ts';
import { indexFaults } from '../indexes/faults.ts';
import { nearestNeighbors as searches } from '../similarity/nearestNeighbors.ts';
import type { Mutants } from '../mutant.ts';
import { pipelineFaults } from './pipelineFaults.ts';

const unit = unitOf(float32);
const open = openTable(nearestNeighbors(unit));
const index: OpenIndex = indexSession(open);

/** Faults of an index that a pipeline over it cannot show: it asks one query at a time, checks every call itself, and neither saves nor loads. */
const invisible = [
  'empty-filter-is-none',
  'one-too-many',
  'first-query-only',
  'queries-reversed',
  'takes-duplicates',
  'takes-nan',
  'takes-unknown-removals',
  'takes-no-neighbours',
  'removes-half',
  'loads-nothing',
];

/** Faults of the search itself. */
const kernels = new Set(['metric-ignored', 'squared-scores', 'cosine-as-dot', 'skips-the-best']);

export const retrievalPipeline: Mutants<'retrievalPipeline'> = {
  honest: honest(unit),
  mutants: [
    ...pipelineFaults.map(({ id, defect = 'classic', wrong, changed }) => ({
      id,
      defect,
      wrong,
      run: pipelineOver(index, changed),
    })),
    ...indexFaults<'retrievalPipeline', Opening>(
      open,
      (opened, check) => pipelineOver(indexSession(opened, check)),
      invisible,
    ).map((fault) => ({ ...fault, id: `index-${fault.id}` })),
    ...searches.mutants
      .filter(({ id }) => kernels.has(id))
      .map(({ id, defect, wrong, run }) => ({
        id: `search-${id}`,
        defect,
        wrong,
        run: pipelineOver(indexSession(openTable(run))),
      })),
  ],
};
