import { sinusoidalPositions as spec } from '../../spec/embedding/sinusoidalPositions.ts';
import { reference } from '../reference.ts';

export const sinusoidalPositions = reference(spec, (arithmetic, { length, width, base }) => {
  const { cos, divide, exp, from, log, multiply, sin } = arithmetic;
  const logarithm = log(from(base));
  const wavelengths = Array.from({ length: Math.ceil(width / 2) }, (_, i) =>
    i === 0 ? from(1) : exp(multiply(divide(from(2 * i), from(width)), logarithm)),
  );
  const data = Array.from({ length }, (_, t) =>
    wavelengths
      .flatMap((wavelength) => {
        const angle = divide(from(t), wavelength);
        return [sin(angle), cos(angle)];
      })
      .slice(0, width),
  ).flat();
  return { positions: { shape: [length, width], data } };
});
