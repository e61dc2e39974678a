import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { indexSession } from '../../../conformance/implementations/collection.ts';
import { pipelineOver } from '../../../conformance/implementations/pipeline.ts';
import { openTable } from '../indexes/flatIndex.ts';
import type { Unit } from '../machine.ts';
import { nearestNeighbors } from '../similarity/nearestNeighbors.ts';

/** A sound pipeline over an index that looks at everything, on any machine. */
export const retrievalPipeline = (unit: Unit): Kernel<'retrievalPipeline'> =>
  pipelineOver(indexSession(openTable(nearestNeighbors(unit))));
