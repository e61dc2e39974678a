import type { Input, Name, Output } from '../spec/index.ts';
import type { Reference } from './reference.ts';
import { softmax } from './sampling/softmax.ts';

/** How every component is computed. */
export const references: { readonly [N in Name]: Reference<Input<N>, Output<N>> } = { softmax };
