import { z } from 'zod';

/** A number as a file of ours has it: JSON lacks three. */
export type Figure = number | 'NaN' | 'Infinity' | '-Infinity';

/** Its type is written out, for TypeScript 7.0 declares an inferred key '-Infinity' as `[-Infinity]`, which compiles nowhere. */
export const figure: z.ZodType<Figure, Figure> = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']),
]);
