import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { centroidsOf, subvectorsOf } from '../../../spec/indexes/codebooks.ts';
import { tensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { measureOf, nearestBy, type Row } from './nearest.ts';

/** An encoder that finds the code of a subvector in a way of its own. */
export const encoderOf =
  (code: (part: Row, centroids: readonly Row[]) => number): Kernel<'pqEncode'> =>
  ({ codebooks, vectors }) => {
    const [books = 0, , width = 1] = codebooks.shape;
    const centroids = centroidsOf(codebooks);
    const codes = subvectorsOf(vectors, width).flatMap((parts) =>
      parts.map((part, m) => code(part, centroids[m] ?? [])),
    );
    return { codes: tensor('uint8', [vectors.shape[0] ?? 0, books], codes) };
  };

/** A sound encoder on any machine. */
export const pqEncode = (unit: Unit): Kernel<'pqEncode'> => encoderOf(nearestBy(measureOf(unit)));
