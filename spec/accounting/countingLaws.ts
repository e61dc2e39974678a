import type { Law } from '../component.ts';
import { isName, spec } from '../index.ts';
import { inapplicable } from '../laws.ts';
import { countingProblem, type Sizes } from './countedInput.ts';

/** How often each operation is done. */
export interface Counted {
  readonly multiplications: number;
  readonly additions: number;
  readonly exponentials: number;
  readonly comparisons: number;
}
interface Question {
  readonly component: string;
  readonly sizes: Sizes;
}

/** The law that a number made of the counts is that of a formula, for the components that have one. */
const agrees =
  (
    what: (counted: Counted) => number,
    formulas: Readonly<Record<string, (length: (letter: string) => number) => number>>,
  ): Law<Question, Question, Counted> =>
  async (input, run) => {
    const formula = formulas[input.component];
    if (formula === undefined) return inapplicable;
    const expected = formula((letter) => Number(input.sizes[letter] ?? NaN));
    const actual = what((await run(input)).output);
    return actual === expected ? undefined : `expected ${expected}, got ${actual}`;
  };

/** A brute-force search by dot products takes N · D of them a query, and its comparisons none. */
const searchesByAllVectors: Law<Question, Question, Counted> = async (
  { component, sizes },
  run,
) => {
  if (component !== 'nearestNeighbors') return inapplicable;
  const { multiplications } = (await run({ component, sizes: { ...sizes, metric: 'dot' } })).output;
  const [n, q, d] = ['N', 'Q', 'D'].map((name) => Number(sizes[name]));
  const expected = (q ?? 0) * (d ?? 0) * (n ?? 0);
  return multiplications === expected ? undefined : `expected ${expected}, got ${multiplications}`;
};

/** Twice as many queries and keys take four times the products and exponentials; their gradients add terms that only double. */
const isQuadratic: Law<Question, Question, Counted> = async ({ component, sizes }, run) => {
  const { Lq, Lk } = sizes;
  const isAttention = isName(component) && spec[component].family === 'attention';
  if (!isAttention || typeof Lq !== 'number' || typeof Lk !== 'number') return inapplicable;
  const twice = { component, sizes: { ...sizes, Lq: 2 * Lq, Lk: 2 * Lk } };
  if (countingProblem(component, twice.sizes) !== undefined) return inapplicable;
  const before = (await run({ component, sizes })).output;
  const after = (await run(twice)).output;
  const fits = (['multiplications', 'exponentials'] as const).every(
    (kind) => after[kind] === 4 * before[kind],
  );
  return fits ? undefined : `${JSON.stringify(before)} became ${JSON.stringify(after)}`;
};

/** Components that laws know formulas of, each as often as few others are. */
export const formulated: readonly string[] = [
  'nearestNeighbors',
  'scaledDotProductAttention',
  'attentionWeights',
  'softmax',
  'logSoftmax',
  'linear',
];

/** Formulas that the counts must come to. Counting knows none of them. */
export const countingLaws: Readonly<Record<string, Law<Question, Question, Counted>>> = {
  'is quadratic in the length of attention': isQuadratic,
  'finds as many products as the formulas say': agrees(({ multiplications }) => multiplications, {
    linear: (length) => length('I') * length('O'),
    dotProduct: (length) => length('D'),
    squaredEuclideanDistance: (length) => length('D'),
    softmax: () => 0,
    attentionWeights: (length) => length('Lq') * length('Lk') * (length('D') + 1),
    scaledDotProductAttention: (length) =>
      length('Lq') * length('Lk') * (length('D') + length('E') + 1),
  }),
  'finds an exponential for every logit': agrees(({ exponentials }) => exponentials, {
    softmax: (length) => length('V'),
    logSoftmax: (length) => length('V'),
    attentionWeights: (length) => length('Lq') * length('Lk'),
    scaledDotProductAttention: (length) => length('Lq') * length('Lk'),
  }),
  'searches by all components of all vectors': searchesByAllVectors,
};
