import { parameterCount } from './parameterCount.ts';
import { weightMemory } from './weightMemory.ts';
import { kvCacheMemory } from './kvCacheMemory.ts';
import { indexMemory } from './indexMemory.ts';
import { pqCompression } from './pqCompression.ts';
import { outputShapes } from './outputShapes.ts';
import { operationCount } from './operationCount.ts';

/** To add a component: one file in this folder, one line in this list. */
export const accounting = {
  parameterCount,
  weightMemory,
  kvCacheMemory,
  indexMemory,
  pqCompression,
  outputShapes,
  operationCount,
};
