import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { scalarDequantize as honest } from '../../honest/indexes/scalarCodes.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  withOutput,
  withInput,
  lastRepeated,
  fixedPoint,
  plainFloat32,
  type Mutants,
} from '../mutant.ts';

const f = Math.fround;

/** A decoder made of one formula, in which a mutant is wrong. */
const assembled =
  (
    number: (code: number, low: number, high: number, d: number) => number,
  ): Kernel<'scalarDequantize'> =>
  ({ codes, minimum, maximum }) => ({
    vectors: tensor(
      'float32',
      codes.shape,
      rowsOf(codes)
        .flatMap((row) =>
          row.map((code, d) => number(code, minimum.data[d] ?? NaN, maximum.data[d] ?? NaN, d)),
        )
        .map(f),
    ),
  });
const step = (low: number, high: number): number => f(f(high - low) / 255);

export const scalarDequantize: Mutants<'scalarDequantize'> = {
  honest: honest(unitOf(float32)),
  mutants: [
    {
      id: 'range-overflows',
      defect: 'index-sq8-03',
      wrong: 'takes the range in float32, though it says that it computes in float64',
      numerics: { ...plainFloat32, accumulate: 'float64' },
      run: assembled((code, low, high) => low + (code * f(high - low)) / 255),
    },
    {
      id: 'constant-as-it-is',
      defect: 'index-sq8-04',
      wrong: 'takes the code itself for the number in a constant dimension',
      run: assembled((code, low, high) =>
        low === high ? code : f(low + f(code * step(low, high))),
      ),
    },
    {
      id: 'levels',
      defect: 'classic',
      wrong: 'takes the 256th part of the range for a step',
      run: assembled((code, low, high) => f(low + f(code * f(f(high - low) / 256)))),
    },
    {
      id: 'middle',
      defect: 'classic',
      wrong: 'gives the middle between a code and the next one',
      run: assembled((code, low, high) => f(low + f((code + 0.5) * step(low, high)))),
    },
    {
      id: 'signed',
      defect: 'classic',
      wrong: 'reads the byte as a signed one',
      run: assembled((code, low, high) => f(low + f(((code << 24) >> 24) * step(low, high)))),
    },
    {
      id: 'without-minimum',
      defect: 'classic',
      wrong: 'scales by the maximum alone',
      run: assembled((code, _low, high) => f(code * f(high / 255))),
    },
    {
      id: 'half-precision-step',
      defect: 'classic',
      wrong: 'keeps the step in bfloat16',
      run: assembled((code, low, high) => f(low + f(code * roundTo(step(low, high), 'bfloat16')))),
    },
    {
      id: 'half-precision-sum',
      defect: 'classic',
      wrong: 'adds in float16',
      run: assembled((code, low, high) => roundTo(low + f(code * step(low, high)), 'float16')),
    },
    {
      id: 'from-the-top',
      defect: 'classic',
      wrong: 'counts down from the maximum',
      run: assembled((code, low, high) => f(high - f(code * step(low, high)))),
    },
    {
      id: 'stale-last-row',
      defect: 'classic',
      wrong: 'answers the last of several rows as the one before it: the loop does not move on',
      run: withInput(honest(unitOf(float32)), (input) => ({
        ...input,
        codes: lastRepeated(input.codes),
      })),
    },
    {
      id: 'fixed-point',
      defect: 'classic',
      wrong: 'keeps its answer in fixed point, rounded down',
      run: withOutput(honest(unitOf(float32)), ({ vectors }) => ({ vectors: fixedPoint(vectors) })),
    },
  ],
};
