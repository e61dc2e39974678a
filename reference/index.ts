import type { Input, Name, Output } from '../spec/index.ts';
import { accounting } from './accounting/index.ts';
import { counted } from './counted.ts';
import type { Reference } from './reference.ts';

/** How every component is computed. */
export const references: { readonly [N in Name]: Reference<Input<N>, Output<N>> } = {
  ...counted,
  ...accounting,
};
