import type { Entry } from '../../../interface/implementation.ts';
import { bytesOf, product } from './product.ts';

export const weightMemory: Entry<'weightMemory'> = {
  run: ({ parameters, bitsPerWeight }) => ({ bytes: bytesOf(product(parameters, bitsPerWeight)) }),
};
