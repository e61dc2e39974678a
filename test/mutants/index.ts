import type { Name } from '../../spec/index.ts';
import type { Mutants } from './mutant.ts';
import { softmax } from './sampling/softmax.ts';

/** Every component's wrong implementations. */
export const mutants: { readonly [N in Name]: Mutants<N> } = { softmax };
