import type { Arithmetic } from '../arithmetic.ts';
import type { Law, Question } from '../component.ts';
import { filteredErrors, filterRefusal, type Filters } from '../bounds/filters.ts';
import { blockCount, lastBlock, metamorphic } from '../laws.ts';
import { booleans, fields, floats } from '../schema.ts';
import { flatMapRows, rowsOf, type BooleanTensor, type FloatTensor } from '../tensor.ts';

/** What every filter of tokens answers. */
export interface Kept {
  readonly kept: BooleanTensor;
  readonly probabilities: FloatTensor;
}

interface WithLogits {
  readonly logits: FloatTensor;
}

export const keptOutput = fields({
  kept: booleans('[..., V]', 'whether the token may be drawn'),
  probabilities: floats('[..., V]', 'renormalised over the kept tokens, 0 for the others'),
});

/** The bound of the renormalised probabilities, given what is kept. */
export const keptBound =
  <F>(filtersOf: (input: F) => Filters) =>
  <N>(
    a: Arithmetic<N>,
    {
      input,
      rounding,
      exact,
    }: Question<F & WithLogits> & { readonly exact: { readonly kept: BooleanTensor } },
  ) => {
    const kept = rowsOf(exact.kept);
    const filters = filtersOf(input);
    return {
      probabilities: flatMapRows(input.logits, (row, index) =>
        filteredErrors(a, rounding, row, kept[index] ?? [], filters),
      ),
    };
  };

/** Why the kept tokens of some row are none that the filters can have left, or nothing. */
export const keptAdmission =
  <F>(filtersOf: (input: F) => Filters) =>
  <N>(
    a: Arithmetic<N>,
    { input, rounding, output }: Question<F & WithLogits> & { readonly output: Kept },
  ): string | undefined => {
    const kept = rowsOf(output.kept);
    const filters = filtersOf(input);
    for (const [index, row] of rowsOf(input.logits).entries()) {
      const refusal = filterRefusal(a, rounding, row, kept[index] ?? [], filters);
      if (refusal !== undefined) return `row ${index}: ${refusal}`;
    }
    return undefined;
  };

/** Laws of every filter of tokens. */
export const keptLaws = <I extends WithLogits, R>(): Readonly<
  Record<string, Law<I, I | R, Kept>>
> => ({
  'gives 0 exactly where a token is not kept, and more where it is': async (input, run) => {
    const { output } = await run(input);
    const wrong = Array.from(output.kept.data).findIndex((kept, i) =>
      kept === 1 ? !((output.probabilities.data[i] ?? 0) >= 0) : output.probabilities.data[i] !== 0,
    );
    return wrong < 0
      ? undefined
      : `element ${wrong}: kept is ${output.kept.data[wrong] === 1} and the probability ${output.probabilities.data[wrong]}`;
  },
  'keeps a likeliest token': async (input, run) => {
    const { output } = await run(input);
    const kept = rowsOf(output.kept);
    const row = rowsOf(input.logits).findIndex((logits, index) => {
      const greatest = logits.reduce((x, y) => Math.max(x, y), -Infinity);
      return !logits.some((x, j) => x === greatest && kept[index]?.[j] === 1);
    });
    return row < 0 ? undefined : `row ${row}: no token with the greatest logit is kept`;
  },
  'treats each row by itself': metamorphic((input) =>
    blockCount(input.logits) < 2
      ? undefined
      : {
          input: { ...input, logits: lastBlock(input.logits) },
          output: (tensor) => lastBlock(tensor),
        },
  ),
});
