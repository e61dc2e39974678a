import { chunking } from './chunking.ts';
import { promptAssembly } from './promptAssembly.ts';
import { retrievalPipeline } from './retrievalPipeline.ts';
import { modelMigration } from './modelMigration.ts';

export const retrieval = {
  chunking,
  promptAssembly,
  retrievalPipeline,
  modelMigration,
};
