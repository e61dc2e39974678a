import { sampling } from './sampling/index.ts';
import { attention } from './attention/index.ts';
import { layers } from './layers/index.ts';
import { embedding } from './embedding/index.ts';
import { models } from './models/index.ts';
import { training } from './training/index.ts';
import { similarity } from './similarity/index.ts';
import { indexes } from './indexes/index.ts';
import { text } from './text/index.ts';
import { retrieval } from './retrieval/index.ts';
import type { HonestTable } from './honest.ts';

/** Sound kernels of the components whose answers are floats. */
export const honest: HonestTable = {
  ...sampling,
  ...attention,
  ...layers,
  ...embedding,
  ...models,
  ...training,
  ...similarity,
  ...indexes,
  ...text,
  ...retrieval,
};
