import type { Law } from '../component.ts';
import { leavesOf } from '../leaves.ts';
import { differ, inapplicable, mapped, metamorphic } from '../laws.ts';
import { isTensor } from '../schema.ts';
import { isFloatDtype, rowsOf, type Elements, type FloatTensor } from '../tensor.ts';

interface Seeded {
  readonly outputGradient: FloatTensor;
}

const isModerate = (x: number): boolean =>
  x === 0 || (Math.abs(x) >= 2 ** -10 && Math.abs(x) <= 2 ** 10);

/** Twice the output gradient gives twice the gradients: a gradient is linear in it, and a power of two is exact. Says nothing of what overflows. */
export const doublesWithOutputGradient =
  <I extends Seeded, O extends object>(): Law<I, I, O> =>
  async (input, run) => {
    if (!Array.from(input.outputGradient.data).every(isModerate)) return inapplicable;
    const before = await run(input);
    const outputGradient = mapped(input.outputGradient, (x) => 2 * x);
    const after = await run({ ...input, outputGradient });
    const others = new Map(leavesOf(after.output, isTensor));
    for (const [field, { data }] of leavesOf(before.output, isTensor)) {
      const twice = Array.from(data, (x) => 2 * x);
      const other = Array.from(others.get(field)?.data ?? []);
      const problem = differ(twice, other, (i) =>
        Number.isFinite(twice[i]) && Number.isFinite(other[i])
          ? 2 * (before.slack[field]?.[i] ?? 0) + (after.slack[field]?.[i] ?? 0)
          : Infinity,
      );
      if (problem !== undefined) return `${field}, ${problem}`;
    }
    return undefined;
  };

const isFinite = (values: Elements): boolean => Array.from(values).every(Number.isFinite);

/** Of finite numbers; 0 · ∞ is NaN. */
export const vanishesWithOutputGradient = <I extends Seeded, O extends object>(): Law<I, I, O> =>
  metamorphic((input) =>
    leavesOf(input, isTensor).every(([, { dtype, data }]) => !isFloatDtype(dtype) || isFinite(data))
      ? {
          input: { ...input, outputGradient: mapped(input.outputGradient, () => 0) },
          output: (gradient) => mapped(gradient, () => 0),
        }
      : undefined,
  );

/** Every row of `logitsGradient` sums to 0 within the slack of its elements: probabilities sum to 1 whatever the logits are. */
export const rowsSumToZero =
  <I, O extends { readonly logitsGradient: FloatTensor }>(): Law<I, I, O> =>
  async (source, run) => {
    const { output, slack } = await run(source);
    const { shape, data } = output.logitsGradient;
    if (!isFinite(data)) return inapplicable;
    const rows = rowsOf(output.logitsGradient);
    const allowed = rowsOf({ shape, data: slack['logitsGradient'] ?? [] });
    const total = (terms: readonly number[] = []) => terms.reduce((sum, x) => sum + x, 0);
    return differ(
      rows.map(total),
      rows.map(() => 0),
      (i) => total(allowed[i]) + total(rows[i]?.map(Math.abs)) * (shape.at(-1) ?? 0) * 2 ** -52,
    );
  };
