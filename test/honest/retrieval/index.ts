import type { HonestTable } from '../honest.ts';
import { retrievalPipeline } from './retrievalPipeline.ts';
import { modelMigration } from './modelMigration.ts';

export const retrieval: HonestTable = {
  retrievalPipeline: {
    kernel: retrievalPipeline,
    options: { index: ['exact', 'approximate'] },
  },
  modelMigration: { kernel: modelMigration },
};
