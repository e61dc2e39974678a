/** The greatest number, as Math.max of all: −∞ of none, NaN where one is. A call takes no million arguments; a list may be that long. */
export function greatestOf(values: ArrayLike<number>): number {
  let found = -Infinity;
  for (let i = 0; i < values.length; i += 1) found = Math.max(found, values[i] ?? NaN);
  return found;
}

/** The least number, as Math.min of all: ∞ of none, NaN where one is. */
export function leastOf(values: ArrayLike<number>): number {
  let found = Infinity;
  for (let i = 0; i < values.length; i += 1) found = Math.min(found, values[i] ?? NaN);
  return found;
}

/**
 * √Σ x², scaled by the greatest of them so that no square overflows, and summed with compensation (Kahan 1965), as Math.hypot of all does in V8:
 * 0 of none, ∞ where one is infinite.
 */
export function euclideanNorm(values: ArrayLike<number>): number {
  let scale = 0;
  for (let i = 0; i < values.length; i += 1) {
    const size = Math.abs(values[i] ?? NaN);
    if (size === Infinity) return Infinity;
    scale = Math.max(scale, size);
  }
  if (scale === 0 || Number.isNaN(scale)) return scale;
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i += 1) {
    const ratio = (values[i] ?? NaN) / scale;
    const square = ratio * ratio - lost;
    const next = total + square;
    lost = next - total - square;
    total = next;
  }
  return Math.sqrt(total) * scale;
}
