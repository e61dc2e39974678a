import type { Name } from '../../spec/index.ts';
import { sampling } from './sampling/index.ts';
import { attention } from './attention/index.ts';
import { layers } from './layers/index.ts';
import { embedding } from './embedding/index.ts';
import { models } from './models/index.ts';
import { training } from './training/index.ts';
import { similarity } from './similarity/index.ts';
import { indexes } from './indexes/index.ts';
import { accounting } from './accounting/index.ts';
import { text } from './text/index.ts';
import { retrieval } from './retrieval/index.ts';
import { artifacts } from './artifacts/index.ts';
import type { Mutants } from './mutant.ts';

/** Every component's wrong implementations. */
export const mutants: { readonly [N in Name]: Mutants<N> } = {
  ...sampling,
  ...attention,
  ...layers,
  ...embedding,
  ...models,
  ...training,
  ...similarity,
  ...indexes,
  ...accounting,
  ...text,
  ...retrieval,
  ...artifacts,
};
