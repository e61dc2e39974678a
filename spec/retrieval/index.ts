import { chunking } from './chunking.ts';
import { promptAssembly } from './promptAssembly.ts';
import { retrievalPipeline } from './retrievalPipeline.ts';
import { modelMigration } from './modelMigration.ts';

/** To add a component: one file in this folder, one line in this list. */
export const retrieval = {
  chunking,
  promptAssembly,
  retrievalPipeline,
  modelMigration,
};
