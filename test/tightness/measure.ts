import { castTo } from '../../conformance/interface/cast.ts';
import { judgeElement } from '../../conformance/judging/element.ts';
import type { Kernel } from '../../conformance/interface/implementation.ts';
import { doubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import { composed } from '../../reference/composed.ts';
import { references } from '../../reference/index.ts';
import { greatestOf } from '../../spec/extremes.ts';
import { spec, type Name } from '../../spec/index.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import { isTensor } from '../../spec/schema.ts';

/** How far honest answers go within their bounds, and how large those are beside the values. */
export interface Tightness {
  /** The greatest error ÷ bound of any element. */
  readonly worst: number;
  readonly median: number;
  /** The median over elements of bound ÷ the greatest value of the answer. */
  readonly relative: number;
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Judges a kernel's answers to inputs, element by element. */
export async function tightnessOf<N extends Name>(
  name: N,
  kernel: Kernel<N>,
  numerics: DeclaredNumerics,
  inputs: readonly object[],
): Promise<Tightness> {
  const rounding = roundingOf(numerics);
  const used: number[] = [];
  const relative: number[] = [];
  for (const raw of inputs) {
    const input = spec[name].input.parse(castTo(raw, rounding));
    const answer = await kernel(input);
    const { exact, bounds } = composed(doubleDouble, references[name], input, rounding, {});
    for (const [path, { data }] of leavesOf(answer, isTensor)) {
      const values = exact.get(path)?.data ?? [];
      const largest = greatestOf(values.map((x) => Math.abs(doubleDouble.approximate(x))));
      for (const [i, value] of values.entries()) {
        const bound = bounds.get(path)?.[i] ?? doubleDouble.from(NaN);
        const verdict = judgeElement(doubleDouble, value, bound, data[i] ?? NaN, rounding);
        if (verdict.status === 'wrong')
          throw new Error(`${name}: an honest kernel was refused: ${JSON.stringify(verdict)}`);
        used.push(verdict.status === 'within' ? verdict.used : 0);
        relative.push(doubleDouble.upper(bound) / largest);
      }
    }
  }
  return { worst: greatestOf(used), median: medianOf(used), relative: medianOf(relative) };
}
