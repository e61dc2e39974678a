import type { Entry } from '../../../interface/implementation.ts';
import { indexSession } from '../../collection.ts';
import { pipelineOver } from '../../pipeline.ts';
import type { Device } from '../device.ts';
import { openOn } from '../indexes/flatIndex.ts';

/** The pipeline over the bundled flat index. */
export const retrievalPipeline = (device: Device): Entry<'retrievalPipeline'> => ({
  numerics: device.numerics,
  run: pipelineOver(indexSession(openOn(device))),
});
