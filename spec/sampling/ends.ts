import fc from 'fast-check';

/** Masses so small that 1 − p is 1, or that a format has no such number; and so near 1 that one rounds to it. */
export const endsOfMass = fc.constantFrom(
  2 ** -1074,
  2 ** -149,
  2 ** -126,
  1e-10,
  2 ** -25,
  1 - 2 ** -53,
  1 - 2 ** -24,
  1 - 2 ** -11,
);

/** Temperatures that make one token certain, or all alike. */
export const endsOfTemperature = fc.constantFrom(1e-6, 1e-4, 0.01, 100, 1e4, 1e6);
