import type { Law } from '../component.ts';
import { differ, inapplicable, rearranged } from '../laws.ts';
import type { LinearInput } from '../layers/linearInputs.ts';
import type { FloatTensor } from '../tensor.ts';

/** A linear map's input, and the gradient that reaches it. */
export interface Seeded extends LinearInput {
  readonly outputGradient: FloatTensor;
}
interface Gradients {
  readonly inputGradient: FloatTensor;
  readonly weightGradient: FloatTensor;
  readonly biasGradient?: FloatTensor | undefined;
}

const lastRow = <T extends FloatTensor>(source: T): FloatTensor => {
  const width = source.shape.at(-1) ?? 1;
  return rearranged(source, [width], (i) => source.data.length - width + i);
};

/** Only the last row of the input: its gradient does not know of the others. */
export const treatsRowsAlone: Law<Seeded, Seeded, Gradients> = async (source, run) => {
  const { input, weight, outputGradient } = source;
  if (input.shape.length < 2 || input.data.length === 0) return inapplicable;
  const all = await run(source);
  const one = await run({ weight, input: lastRow(input), outputGradient: lastRow(outputGradient) });
  const start = input.data.length - (weight.shape[0] ?? 0);
  return differ(
    Array.from(all.output.inputGradient.data).slice(start),
    one.output.inputGradient.data,
    (i) => (all.slack['inputGradient']?.[start + i] ?? 0) + (one.slack['inputGradient']?.[i] ?? 0),
  );
};

const products = (a: FloatTensor, b: FloatTensor): readonly number[] =>
  Array.from(a.data, (x, i) => x * (b.data[i] ?? NaN));
const total = (terms: readonly number[]): number => terms.reduce((sum, x) => sum + x, 0);

/** Σ x ∂/∂x and Σ W ∂/∂W are both Σ g · x W. */
export const balances: Law<Seeded, Seeded, Gradients> = async (source, run) => {
  const { output, slack } = await run(source);
  const sides = [
    [source.input, output.inputGradient, slack['inputGradient'] ?? []],
    [source.weight, output.weightGradient, slack['weightGradient'] ?? []],
  ] as const;
  const terms = sides.map(([values, gradient]) => products(values, gradient));
  if (!terms.flat().every(Number.isFinite)) return inapplicable;
  const allowed = sides.flatMap(([values, gradient, own]) =>
    Array.from(values.data, (x, i) => {
      const rounded = Math.abs(gradient.data[i] ?? 0) * (values.data.length + 2) * 2 ** -52;
      return x === 0 ? 0 : Math.abs(x) * ((own[i] ?? 0) + rounded);
    }),
  );
  const [left = [], right = []] = terms;
  return differ([total(left)], [total(right)], () => total(allowed));
};
