import { condense, type Arithmetic } from '../../../spec/arithmetic.ts';

/** Up to here each element may carry an error from every element of its row: a million numbers. */
const widest = 1024;

/**
 * What all of a row have in common: its mean, its sum. In a wider row it has one error of its own in place of one from each element, so that the
 * bound takes memory with the row's width and not with its square.
 */
export const inCommon = <N>(arithmetic: Arithmetic<N>, value: N, width: number): N =>
  width > widest ? condense(arithmetic, value) : value;
