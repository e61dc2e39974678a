import { inside, named } from '../../spec/arithmetic.ts';
import { sinusoidalPositions as spec } from '../../spec/embedding/sinusoidalPositions.ts';
import { reference } from '../reference.ts';

export const sinusoidalPositions = reference(spec, (arithmetic, { length, width, base }) => {
  const { cos, divide, exp, from, log, multiply, sin } = arithmetic;
  const logarithm = log(from(base));
  const wavelengths = Array.from({ length: Math.ceil(width / 2) }, (_, i) =>
    i === 0 ? from(1) : exp(multiply(divide(from(2 * i), from(width)), logarithm)),
  );
  named(arithmetic, 'b^(2i/D) of each pair i', wavelengths);
  const rows = Array.from({ length }, (_, t) =>
    inside(arithmetic, 'position', t, () => {
      const angles = wavelengths.map((wavelength) => divide(from(t), wavelength));
      named(arithmetic, 't b^(−2i/D)', angles);
      const waves = angles.flatMap((angle) => [sin(angle), cos(angle)]).slice(0, width);
      return named(arithmetic, 'P_t, sines and cosines in turn', waves);
    }),
  );
  const data = rows.flat();
  return { positions: { shape: [length, width], data } };
});
