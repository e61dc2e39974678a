import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { roundHalfEven, scalarQuantize as honest } from '../../honest/indexes/scalarCodes.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { lastRepeated, plainFloat32, withInput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const clamped = (x: number): number => Math.min(255, Math.max(0, x));

const repeated = (source: FloatTensor): FloatTensor => mapped(source, () => source.data[0] ?? NaN);

/** A quantizer made of steps, each of which a mutant replaces. */
const assembled =
  ({
    scale = (t: number, r: number) => f(f(t / r) * 255),
    round = roundHalfEven,
    clamp = clamped,
    constant = (_x: number) => 0,
    code = (x: number, low: number, high: number) =>
      low === high
        ? constant(x)
        : clamp(round(Math.min(1e9, Math.max(-1e9, scale(f(x - low), f(high - low)))))),
  }): Kernel<'scalarQuantize'> =>
  ({ vectors, minimum, maximum }) => ({
    codes: tensor(
      'uint8',
      vectors.shape,
      rowsOf(vectors).flatMap((row) =>
        row.map((x, d) => code(x, minimum.data[d] ?? NaN, maximum.data[d] ?? NaN)),
      ),
    ),
  });

export const scalarQuantize: Mutants<'scalarQuantize'> = {
  honest: honest(unitOf(float32)),
  mutants: [
    {
      id: 'wraps',
      defect: 'index-sq8-01',
      wrong: 'keeps the last byte of what is outside the range: 300 becomes 44',
      run: assembled({ clamp: (x) => ((x % 256) + 256) % 256 }),
    },
    {
      id: 'range-overflows',
      defect: 'index-sq8-03',
      wrong: 'takes the range in float32, though it says that it computes in float64',
      numerics: { ...plainFloat32, accumulate: 'float64' },
      run: assembled({
        code: (x, low, high) =>
          low === high ? 0 : roundHalfEven(clamped(((x - low) / f(high - low)) * 255)),
      }),
    },
    {
      id: 'constant-as-it-is',
      defect: 'index-sq8-04',
      wrong: 'rounds the number itself in a constant dimension',
      run: assembled({ constant: (x) => clamped(roundHalfEven(x)) }),
    },
    {
      id: 'symmetric-saturation',
      defect: 'index-sq8-07',
      wrong: 'saturates at −127 of −128, which is code 1: code 0 is never given',
      run: assembled({ clamp: (x) => Math.min(255, Math.max(1, x)) }),
    },
    {
      id: 'half-up',
      defect: 'classic',
      wrong: 'rounds halves up',
      run: assembled({ round: (x) => Math.floor(x + 0.5) }),
    },
    {
      id: 'half-down',
      defect: 'classic',
      wrong: 'rounds halves down',
      run: assembled({ round: (x) => Math.ceil(x - 0.5) }),
    },
    {
      id: 'truncates',
      defect: 'classic',
      wrong: 'cuts off what is behind the point',
      run: assembled({ round: Math.trunc }),
    },
    {
      id: 'levels',
      defect: 'classic',
      wrong: 'divides the range into 256 levels, and not by 255 steps',
      run: assembled({ scale: (t, r) => f(f(t / r) * 256), round: Math.floor }),
    },
    {
      id: 'offset-behind-scale',
      defect: 'classic',
      wrong: 'subtracts the minimum behind the scale, where its digits are gone',
      run: assembled({
        code: (x, low, high) => {
          if (low === high) return 0;
          const scale = f(255 / f(high - low));
          return clamped(roundHalfEven(clamped(f(f(x * scale) - f(low * scale)))));
        },
      }),
    },
    {
      id: 'half-precision-scale',
      defect: 'classic',
      wrong: 'keeps the scale in float16',
      run: assembled({ scale: (t, r) => f(t * roundTo(f(255 / r), 'float16')) }),
    },
    {
      id: 'one-range',
      defect: 'classic',
      wrong: 'takes the range of the first dimension for all',
      run: withInput(honest(unitOf(float32)), (input) => ({
        ...input,
        minimum: repeated(input.minimum),
        maximum: repeated(input.maximum),
      })),
    },
    {
      id: 'stale-last-row',
      defect: 'classic',
      wrong: 'answers the last of several rows as the one before it: the loop does not move on',
      run: withInput(honest(unitOf(float32)), (input) => ({
        ...input,
        vectors: lastRepeated(input.vectors),
      })),
    },
  ],
};
