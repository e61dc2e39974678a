import type { Law } from '../component.ts';
import { blockCount, lastBlock, mapped, metamorphic, rearranged, reversed } from '../laws.ts';
import { tensor, flatMapRows, type FloatTensor, type Tensor } from '../tensor.ts';
import type { Pair } from './pairs.ts';

type PairLaw<I extends Pair, O extends object> = Law<I, I, O>;

const unchanged = (source: Tensor): Tensor => source;

/** The vectors with a zero put after the last component. */
const padded = (source: FloatTensor): FloatTensor =>
  tensor(
    source.dtype,
    [...source.shape.slice(0, -1), (source.shape.at(-1) ?? 0) + 1],
    flatMapRows(source, (row) => [...row, 0]),
  );

const lastElement = (source: Tensor): Tensor =>
  rearranged(source, [], () => source.data.length - 1);

export const isSymmetric = <I extends Pair, O extends object>(): PairLaw<I, O> =>
  metamorphic((input) => ({ input: { ...input, a: input.b, b: input.a }, output: unchanged }));

export const ignoresTheOrderOfComponents = <I extends Pair, O extends object>(): PairLaw<I, O> =>
  metamorphic((input) => ({
    input: { ...input, a: reversed(input.a), b: reversed(input.b) },
    output: unchanged,
  }));

export const ignoresAppendedZeros = <I extends Pair, O extends object>(): PairLaw<I, O> =>
  metamorphic((input) => ({
    input: { ...input, a: padded(input.a), b: padded(input.b) },
    output: unchanged,
  }));

export const treatsEachPairByItself = <I extends Pair, O extends object>(): PairLaw<I, O> =>
  metamorphic((input) =>
    blockCount(input.a) < 2
      ? undefined
      : { input: { ...input, a: lastBlock(input.a), b: lastBlock(input.b) }, output: lastElement },
  );

export const changesSignWithOneVector = <I extends Pair, O extends object>(): PairLaw<I, O> =>
  metamorphic((input) => ({
    input: { ...input, a: mapped(input.a, (x) => -x) },
    output: (source) => mapped(source, (x) => -x),
  }));
