import { sampleToken as spec } from '../../spec/sampling/sampleToken.ts';
import { reference } from '../reference.ts';

export const sampleToken = reference(spec, (arithmetic, { probabilities, u }) => {
  const target = arithmetic.from(u);
  const zero = arithmetic.from(0);
  let mass = zero;
  let last = 0;
  for (const [i, p] of probabilities.data.entries()) {
    if (arithmetic.compare(p, zero) === 0) continue;
    mass = arithmetic.add(mass, p);
    last = i;
    if (arithmetic.compare(mass, target) > 0) break;
  }
  return { token: last };
});
