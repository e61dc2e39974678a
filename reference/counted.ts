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
import { artifacts } from './artifacts/index.ts';

/** How the components are computed whose operations can be counted: all but those that count. */
export const counted = {
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
  ...artifacts,
};
