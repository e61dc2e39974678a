/** A number as a sum writes it: without the zeros that rounding to so many digits leaves behind, and with a true minus sign. */
export const tidy = (digits: string): string =>
  digits
    .replace(/(\.\d*?)0+(?=e|$)/, (_all, kept: string) => (kept === '.' ? '' : kept))
    .replace('Infinity', '∞')
    .replace(/^-/, '−')
    .replace(/e\+?(-?\d+)$/, (_all, power: string) => `e${power.replace('-', '−')}`);

/** A plain number to so many digits; a whole number with all of its own. */
export function plainDigits(value: number, digits: number): string {
  if (Object.is(value, -0)) return '−0';
  if (!Number.isFinite(value) || Number.isInteger(value)) return tidy(String(value));
  return tidy(value.toPrecision(Math.min(digits, 17)));
}
