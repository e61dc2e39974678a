import { dotProduct as spec } from '../../spec/similarity/dotProduct.ts';
import { reference } from '../reference.ts';
import { pairwise } from './pairwise.ts';

export const dotProduct = reference(spec, (arithmetic, { a, b }) => ({
  similarity: pairwise(a, b, arithmetic.dot),
}));
