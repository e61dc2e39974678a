import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { elements, floatTensor, lengths, longLengths } from '../generate.ts';
import { tensor, type FloatTensor } from '../tensor.ts';

/** Entries are copied: whatever a format holds may stand in a table. */
const anything = fc.oneof(
  { weight: 4, arbitrary: elements('edge') },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 2 ** -140, -(2 ** -149)) },
);

/** Tables of a level; on the edge also of one row or no columns, and of numbers that are not finite. */
export const tables = (level: Level): Arbitrary<FloatTensor> =>
  fc
    .tuple(
      level === 'scale' ? longLengths(level) : fc.integer({ min: 1, max: 9 }),
      level === 'scale' ? fc.constantFrom(1, 3, 7, 8, 17) : lengths(level, 5),
      fc.nat(9),
    )
    .chain(([rows, width, rare]) =>
      floatTensor(
        [rows, level === 'edge' && rare === 0 ? 0 : width],
        level === 'edge' ? anything : elements(level),
      ),
    );

/** A table of so many rows of three numbers, no two alike. */
export const countingTable = (rows: number): FloatTensor =>
  tensor(
    'float32',
    [rows, 3],
    Array.from({ length: 3 * rows }, (_, i) => (i % 2 === 0 ? 1 : -1) * (i + 2) * 0.75),
  );
