import { kept } from '../../spec/arithmetic.ts';
import { clippedErrors, comparedErrors, normErrors } from '../../spec/bounds/clipping.ts';
import { gradientClipping as spec } from '../../spec/training/gradientClipping.ts';
import { reference } from '../reference.ts';

export const gradientClipping = reference(spec, (arithmetic, { gradients, maxNorm }) => {
  const { divide, dot, from, max, multiply, sqrt } = arithmetic;
  const all = gradients.flatMap(({ data }) => data);
  const exact = sqrt(dot(all, all));
  const tensors = gradients.map(({ data }) => data);
  const [norm = exact] = kept(arithmetic, [exact], normErrors(tensors, exact));
  const [compared = norm] = kept(arithmetic, [norm], comparedErrors(norm));
  const limit = from(maxNorm);
  const scale = divide(limit, max([compared, limit]));
  return {
    gradients: gradients.map(({ shape, data }) => ({
      shape,
      data: kept(
        arithmetic,
        data.map((g) => multiply(g, scale)),
        clippedErrors(data, scale),
      ),
    })),
    norm: { shape: [], data: [norm] },
  };
});
