import { z } from 'zod';
import { suggestion } from './nearest.ts';
import { floatDtypes } from './tensor.ts';

/** The intermediates that may be declared to be kept in a format of their own, and which numbers they are. */
export const intermediates = {
  probabilities: 'the weights of a softmax, before or after they are divided by their sum',
  table: 'the table of a product quantizer: scores of the parts of a query',
  angle: 'the angle of a position: the position times the frequency',
  sum: 'the sum of a residual, before it is normalised',
  hidden: 'what stands between the layers of a whole: each result of a part',
  mean: "Adam's moving mean of gradients",
  variance: "Adam's moving mean of squares",
  velocity: 'the velocity of a step with momentum',
} as const;
export type Intermediate = keyof typeof intermediates;

/** The algorithms that may be declared, of each its values, and what they are. What is left out is the loosest that is usual. */
export const algorithms = {
  softmax: {
    values: ['shifted', 'online'],
    about: 'shifted: a row is seen whole before its greatest number is taken off',
  },
  exponential: {
    values: ['difference', 'fused', 'scaled'],
    about: 'how e^(s − m) is taken: of the difference, as 2^fma(s, c, −m c), as 2^(s c − m c)',
  },
  logSoftmax: {
    values: ['shifted', 'total'],
    about: 'shifted: (x − m) − log Σ; total: x − (m + log Σ)',
  },
  crossEntropy: {
    values: ['fused', 'total'],
    about: 'fused: log Σ + (m − x) of the target; total: (m + log Σ) − x',
  },
  variance: {
    values: ['two-pass', 'welford', 'one-pass'],
    about: 'how a variance is taken; one-pass is Σ x² / n − mean²',
  },
  layerNorm: {
    values: ['direct', 'folded'],
    about: 'folded: x · (gain · r) + (bias − mean · gain · r)',
  },
  gelu: { values: ['erf', 'erfc'], about: 'erf: x (1 + erf) / 2; erfc: relative accuracy' },
  sigmoid: { values: ['tanh', 'exp'], about: 'exp: 1 / (1 + e^−x), and no tanh' },
  distance: { values: ['direct', 'expanded'], about: 'expanded: |x|² + |y|² − 2 x · y' },
  score: { values: ['direct', 'complement'], about: 'complement: 1 − distance' },
  adamBeta: {
    values: ['host-f64', 'f32'],
    about: '1 − β and 1 − βᵗ: made in doubles, or in the format of sums',
  },
} as const;
export type Algorithm = keyof typeof algorithms;

const namesOf = <K extends string>(table: Readonly<Record<K, unknown>>): K[] =>
  Object.keys(table).filter((name): name is K => name in table);

/** The error of keys that a declaration does not have. */
export const unknownKeys =
  (what: string, known: readonly string[]) =>
  (issue: object): string | undefined => {
    const keys: readonly unknown[] = 'keys' in issue && Array.isArray(issue.keys) ? issue.keys : [];
    const otherwise = `there are ${known.join(', ')}`;
    const told = keys.map(
      (key) =>
        `no ${what} is named ${JSON.stringify(key)}; ${suggestion(String(key), known, otherwise)}`,
    );
    return told.length === 0 ? undefined : told.join('; ');
  };

const intermediateNames = namesOf(intermediates);
export const intermediatesSchema = z.partialRecord(z.enum(intermediateNames), z.enum(floatDtypes), {
  error: unknownKeys('intermediate', intermediateNames),
});

export const algorithmSchema = z.strictObject(
  {
    softmax: z.enum(algorithms.softmax.values).optional(),
    exponential: z.enum(algorithms.exponential.values).optional(),
    logSoftmax: z.enum(algorithms.logSoftmax.values).optional(),
    crossEntropy: z.enum(algorithms.crossEntropy.values).optional(),
    variance: z.enum(algorithms.variance.values).optional(),
    layerNorm: z.enum(algorithms.layerNorm.values).optional(),
    gelu: z.enum(algorithms.gelu.values).optional(),
    sigmoid: z.enum(algorithms.sigmoid.values).optional(),
    distance: z.enum(algorithms.distance.values).optional(),
    score: z.enum(algorithms.score.values).optional(),
    adamBeta: z.enum(algorithms.adamBeta.values).optional(),
  },
  { error: unknownKeys('algorithm', namesOf(algorithms)) },
);
