import fc from 'fast-check';
import { beamScore } from '../bounds/beamScore.ts';
import { component } from '../component.ts';
import { fields, floats, integers, positiveInteger, real } from '../schema.ts';
import { rowsOf, tensor, type FloatTensor } from '../tensor.ts';
import { beamRefusal } from './beamAdmission.ts';
import { beamSearches, model } from './beamInputs.ts';
import { beamLaws } from './beamLaws.ts';
import { hypothesesOf, withoutPadding } from './beams.ts';
import { searched } from './sizes.ts';

const logProbabilities = (shape: string, description: string) =>
  floats(shape, description).refine(
    ({ data }: FloatTensor) => Array.from(data).every((x) => x < Infinity),
    { error: 'expected neither NaN nor Infinity' },
  );

const largestPenalty = 8;
const no = -Infinity;

/** The best first token leads nowhere good: greedy search takes it. */
const trap = [
  [-1, -1.25, -3],
  [-4, -5, -6],
  [-0.25, -0.5, -4],
  [-1, -2, -0.5],
];

/** Token 0 ends: early and dear, or late and cheap. */
const ending = [
  [-3, -1, -1.5],
  [-9, -9, -9],
  [-2, -0.5, -2],
  [-0.25, -3, -1],
];

/**
 * Of the hypotheses after one token, then two, up to `length`, the `beams` best by Σ log p / T^λ are kept, T being the hypothesis's own number
 * of tokens, `end` among them. One that has come to `end` stays as it is and competes with the others to the last step. Best first.
 *
 * λ = 0 is the plain sum; λ > 0 favours the long, as log-probabilities are not positive. It is no ((5 + T) / 6)^λ. Behind `end` a sequence is
 * filled with `end`. Where there are fewer hypotheses than beams (−Infinity excludes a token or a transition) there are fewer rows, down to
 * none. A hypothesis that nothing may follow, and that has not ended, is lost.
 *
 * @example
 * beamSearch({ initial: [-1, -2], transition: [[-3, -4], [-0.5, -1]], length: 2, beams: 2 }) // → { sequences: [[1, 0], [1, 1]], scores: [-2.5, -3] }
 */
export const beamSearch = component({
  family: 'sampling',
  summary: 'Finds likely sequences of a first-order model, a few at a time.',
  formula: String.raw`B_t = \operatorname{top}_k \{ y \circ v : y \in B_{t-1} \text{ not ended} \} \cup \{ y \in B_{t-1} \text{ ended} \},\quad s(y) = \frac{1}{T^{\lambda}} \sum_{i=1}^{T} \log p(y_i \mid y_{i-1})`,
  source:
    'Lowerre, The Harpy speech recognition system, 1976 (beam search); Wu et al., Google’s Neural Machine Translation System, 2016, §7 (log-probabilities over length^α, before its equation 14); ended hypotheses that compete at every step: house definition',
  domain:
    'Log-probabilities are not NaN or Infinity; they need not sum to one. Any λ from −8 to 8. Where two hypotheses cannot be told apart within the error of their scores either may be kept, and stand first. Where a score may leave the range of the format nothing is said of the order.',
  input: fields({
    initial: logProbabilities('[V]', 'log-probabilities of the first token; −Infinity excludes it'),
    transition: logProbabilities(
      '[V, V]',
      'row i: log-probabilities of what follows token i; −Infinity excludes it',
    ),
    length: positiveInteger('tokens of the longest sequences'),
    beams: positiveInteger('hypotheses that are kept'),
    end: real(
      'an integer ≥ 0',
      (value) => Number.isSafeInteger(value) && value >= 0,
      'the token after which nothing follows; none where it is left out',
    ).optional(),
    lengthPenalty: real(
      `a number from ${-largestPenalty} to ${largestPenalty}`,
      (value) => Math.abs(value) <= largestPenalty,
      'λ: scores are divided by the λth power of the length',
    ).default(0),
  }).refine(({ initial, end }) => end === undefined || end < initial.data.length, {
    path: ['end'],
    error: 'expected a token below V',
  }),
  output: fields({
    sequences: integers('[B, T]', 'int32, best first, filled up with `end`; T = length'),
    scores: floats('[B]', 'the score of each'),
  }),
  arbitrary: beamSearches,
  sized: searched,
  invalid: {
    'no beams': fc.constant(model(trap, { length: 2, beams: 0 })),
    'no length': fc.constant(model(trap, { length: 0, beams: 2 })),
    'the end is no token': fc.constant(model(trap, { length: 2, beams: 2, end: 3 })),
    'a log-probability is NaN': fc.constant(
      model(
        [
          [-1, NaN],
          [-1, -1],
          [-1, -1],
        ],
        { length: 2, beams: 2 },
      ),
    ),
    'the length penalty is NaN': fc.constant(
      model(trap, { length: 2, beams: 2, lengthPenalty: NaN }),
    ),
    'the numbers of tokens differ': fc.constant({
      ...model(trap, { length: 2, beams: 2 }),
      initial: tensor('float32', [2], [-1, -2]),
    }),
  },
  bound: (a, { input, rounding, exact }) => {
    const hypotheses = hypothesesOf(input, rounding);
    return {
      scores: rowsOf(exact.sequences).map((row) => {
        const terms = hypotheses.of(withoutPadding(row, input.end))?.terms ?? [];
        return a.from(beamScore(terms, input.lengthPenalty, rounding).error);
      }),
    };
  },
  boundSource:
    'G(T − 1) Σ |log p| for the sum, 0 where it is exact, then the errors of T^λ and a quotient (Higham, Accuracy and Stability of Numerical Algorithms, 2002, §3.1); the search is run again with every decision that these errors leave open',
  admits: (_a, { input, rounding, output }) => beamRefusal(input, rounding, output.sequences),
  laws: beamLaws,
  examples: [
    {
      id: 'trap',
      why: 'the likeliest first token leads nowhere: greedy search misses the best',
      flags: ['ordinary', 'greedy'],
      input: model(trap, { length: 3, beams: 2 }),
    },
    {
      id: 'one-beam',
      why: 'one beam falls into the trap',
      flags: ['greedy'],
      input: model(trap, { length: 3, beams: 1 }),
    },
    {
      id: 'all-from-one',
      why: 'the best three continue one hypothesis: one from each loses them',
      flags: ['parents'],
      input: model(
        [
          [-0.5, -3, -4],
          [-0.5, -0.75, -1],
          [-1, -1.5, -2],
          [-1.25, -2, -3],
        ],
        { length: 2, beams: 3 },
      ),
    },
    {
      id: 'ended-compete',
      why: 'what has ended stays, and is neither extended nor dropped',
      flags: ['end'],
      input: model(ending, { length: 3, beams: 3, end: 0 }),
    },
    {
      id: 'ended-are-driven-out',
      why: 'an early end that later ones surpass',
      flags: ['end'],
      input: model(
        [
          [-2, -0.5, -0.75],
          [-1, -1, -1],
          [-0.25, -3, -0.5],
          [-0.125, -0.25, -4],
        ],
        { length: 4, beams: 3, end: 0 },
      ),
    },
    {
      id: 'length-penalty',
      why: 'an early end has the greatest sum, and a late one the greatest mean',
      flags: ['length-penalty'],
      input: model(
        [
          [-2, -1.5, -4],
          [-1, -1, -1],
          [-3, -1, -0.5],
          [-0.25, -0.75, -2],
        ],
        { length: 4, beams: 3, end: 0, lengthPenalty: 1 },
      ),
    },
    {
      id: 'root-of-length',
      why: 'a penalty between none and the mean',
      flags: ['length-penalty'],
      input: model(ending, { length: 4, beams: 4, end: 0, lengthPenalty: 0.6 }),
    },
    {
      id: 'short-favoured',
      why: 'a penalty below 0',
      flags: ['length-penalty'],
      input: model(ending, { length: 3, beams: 2, end: 0, lengthPenalty: -1 }),
    },
    {
      id: 'excluded',
      why: 'fewer sequences than beams: what is excluded fills none',
      flags: ['minus-infinity', 'fewer'],
      input: model(
        [
          [-1, no, -2],
          [no, no, -1],
          [-1, -1, -1],
          [-3, no, no],
        ],
        { length: 3, beams: 5 },
      ),
    },
    {
      id: 'direction',
      why: 'transitions read from what follows to what was before',
      flags: ['axis'],
      input: model(
        [
          [-0.25, -4, -4],
          [-8, -1, -5],
          [-2, -7, -1],
          [-1, -3, -6],
        ],
        { length: 4, beams: 2 },
      ),
    },
    {
      id: 'filled-with-end',
      why: 'an end that is not token 0 fills what is behind it',
      flags: ['end', 'padding'],
      input: model(
        [
          [-2, -3, -0.5],
          [-1, -2, -0.25],
          [-1, -1, -1],
          [-9, -9, -9],
        ],
        { length: 4, beams: 2, end: 2 },
      ),
    },
  ],
});
