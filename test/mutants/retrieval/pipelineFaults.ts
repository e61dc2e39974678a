import type { PipelineParts } from '../../../conformance/implementations/pipeline.ts';
import { attributionFaults } from './attributionFaults.ts';
import { holdingFaults } from './holdingFaults.ts';
import { promptFaults } from './promptFaults.ts';
import { searchFaults } from './searchFaults.ts';

/** A pipeline that is sound but for some of its parts. */
export interface PipelineFault {
  readonly id: string;
  readonly defect?: string;
  readonly wrong: string;
  readonly changed: Partial<PipelineParts>;
}

export const pipelineFaults: readonly PipelineFault[] = [
  ...searchFaults,
  ...holdingFaults,
  ...promptFaults,
  ...attributionFaults,
];
