import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { chunking } from './chunking.ts';
import { promptAssembly } from './promptAssembly.ts';
import { retrievalPipeline } from './retrievalPipeline.ts';
import { modelMigration } from './modelMigration.ts';

export const retrieval = (device: Device): Entries => ({
  chunking,
  promptAssembly,
  retrievalPipeline: retrievalPipeline(device),
  modelMigration: modelMigration(device),
});
