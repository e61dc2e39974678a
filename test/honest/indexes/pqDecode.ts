import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { namedCentroids } from '../../../spec/indexes/codebooks.ts';
import type { Unit } from '../machine.ts';

/** A sound decoder on any machine. */
export const pqDecode =
  ({ store }: Unit): Kernel<'pqDecode'> =>
  ({ codebooks, codes }) => {
    const [books = 0, , width = 0] = codebooks.shape;
    return {
      vectors: store(
        [codes.shape[0] ?? 0, books * width],
        namedCentroids(codebooks, codes).flat(2),
      ),
    };
  };
