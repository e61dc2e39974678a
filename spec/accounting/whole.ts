import type { z } from 'zod';
import { real } from '../schema.ts';

/**
 * Whether a product of whole numbers is a number that binary64 holds; an eighth of it then is too. Factors that are no whole numbers are left
 * to the checks of their fields.
 */
export function productIsHeld(...factors: readonly number[]): boolean {
  if (!factors.every(Number.isSafeInteger)) return true;
  return isHeld(factors.reduce((made, factor) => made * BigInt(factor), 1n));
}

/** Whether binary64 holds a whole number. */
export const isHeld = (value: bigint): boolean => BigInt(Number(value)) === value;

/** What a refusal says where an answer would have to be rounded. */
export const notHeld = { message: 'expected an answer that a double holds exactly' };

/** A number of things. */
export const count = (description: string): z.ZodType<number, number> =>
  real('an integer ≥ 0', (value) => Number.isSafeInteger(value) && value >= 0, description);

/** A number of bytes, which may end in eighths. */
export const byteCount = (description: string): z.ZodType<number, number> =>
  real('a number ≥ 0', (value) => value >= 0 && value < Infinity, description);
