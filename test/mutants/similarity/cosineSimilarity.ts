import { float32, unitOf } from '../../honest/machine.ts';
import { cosineSimilarity as honest } from '../../honest/similarity/cosineSimilarity.ts';
import { cosineOf } from '../../honest/similarity/cosineSimilarity.ts';
import { squaredDistanceOf } from '../../honest/similarity/squaredEuclideanDistance.ts';
import { mapped } from '../../../spec/laws.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';
import {
  cut,
  longSums,
  narrow,
  ofRows,
  overflowing,
  transposed,
  wholeGroups,
  type Row,
} from './couples.ts';

const unit = unitOf(float32);
const { round, dot } = unit;
const sound = honest(unit);
const length = (x: Row): number => round(Math.sqrt(dot(x, x)));
const exactDot = unitOf({ ...float32, accumulate: 'float64' }).dot;
const isZero = (x: Row): boolean => x.every((value) => value === 0);

/** With a zero vector as declared; otherwise what is computed. */
const kernel =
  (compute: (x: Row, y: Row) => number): Mutants<'cosineSimilarity'>['honest'] =>
  (input) => ({
    similarity: ofRows(input, (x, y) =>
      isZero(x) || isZero(y) ? (input.zeroVector === 'zero' ? 0 : NaN) : Math.fround(compute(x, y)),
    ),
  });

const through = (change: (similarity: number) => number): Mutants<'cosineSimilarity'>['honest'] =>
  withOutput(sound, ({ similarity }) => ({
    similarity: mapped(similarity, (x) => Math.fround(change(x))),
  }));

export const cosineSimilarity: Mutants<'cosineSimilarity'> = {
  honest: sound,
  options: { zeroVector: ['zero', 'nan'] },
  mutants: [
    {
      id: 'divides-by-zero',
      defect: 'similarity-metrics-01',
      wrong: '0/0 for a zero vector where 0 is declared',
      options: { zeroVector: ['zero'] },
      run: (input) => sound({ ...input, zeroVector: 'nan' }),
    },
    {
      id: 'zero-vector-is-similar',
      defect: 'similarity-metrics-01',
      wrong: '1 for a zero vector where 0 is declared',
      options: { zeroVector: ['zero'] },
      run: (input) => ({ similarity: ofRows(input, cosineOf(unit, 1)) }),
    },
    {
      id: 'float32-products',
      defect: 'classic',
      wrong: 'declares sums of float64, and makes products that overflow float32',
      numerics: longSums,
      run: kernel(
        (x, y) => overflowing(x, y) / Math.sqrt(overflowing(x, x)) / Math.sqrt(overflowing(y, y)),
      ),
    },
    {
      id: 'float32-square-of-lengths',
      defect: 'classic',
      wrong: 'declares float64, and keeps the squared lengths where they overflow float32',
      numerics: longSums,
      run: kernel((x, y) => {
        const kept = (square: number) => (Math.fround(square) === Infinity ? Infinity : square);
        const [left, right] = [kept(exactDot(x, x)), kept(exactDot(y, y))];
        return exactDot(x, y) / (Math.sqrt(left) * Math.sqrt(right));
      }),
    },
    {
      id: 'through-the-angle',
      defect: 'similarity-metrics-02',
      wrong: 'takes the arccosine of a similarity that rounds above 1',
      run: through((x) => Math.cos(Math.acos(x))),
    },
    {
      id: 'metric-ignored',
      defect: 'similarity-metrics-04',
      wrong: 'still the squared distance, made into a similarity as for vectors of length 1',
      run: kernel((x, y) => 1 - squaredDistanceOf(unit)(x, y) / 2),
    },
    { id: 'inner-product', defect: 'classic', wrong: 'does not normalise', run: kernel(dot) },
    {
      id: 'normalises-one-side',
      defect: 'classic',
      wrong: 'divides by the length of the first vector alone',
      run: kernel((x, y) => dot(x, y) / length(x)),
    },
    {
      id: 'squared-lengths',
      defect: 'classic',
      wrong: 'forgets the roots of the squared lengths',
      run: kernel((x, y) => dot(x, y) / (dot(x, x) * dot(y, y))),
    },
    {
      id: 'epsilon',
      defect: 'classic',
      wrong: 'adds 1e-8 to the product of the lengths',
      run: kernel((x, y) => dot(x, y) / (length(x) * length(y) + 1e-8)),
    },
    {
      id: 'distance',
      defect: 'classic',
      wrong: '1 less the similarity',
      run: through((x) => 1 - x),
    },
    { id: 'magnitude', defect: 'classic', wrong: 'gives the magnitude', run: through(Math.abs) },
    {
      id: 'not-below-zero',
      defect: 'classic',
      wrong: 'clamps to [0, 1]',
      run: through((x) => Math.min(1, Math.max(0, x))),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: kernel((x, y) => narrow('float16').dot(x, y) / (length(x) * length(y))),
    },
    {
      id: 'bfloat16-inputs',
      defect: 'classic',
      wrong: 'cuts the inputs to bfloat16',
      run: kernel((x, y) => cosineOf(unit)(cut(x, 'bfloat16'), cut(y, 'bfloat16'))),
    },
    {
      id: 'drops-remainder',
      defect: 'classic',
      wrong: 'the dot product leaves out what does not fill a group of four',
      run: kernel((x, y) => dot(wholeGroups(x, 4), y) / (length(x) * length(y))),
    },
    {
      id: 'wrong-axis',
      defect: 'classic',
      wrong: 'sums over the first axis of a square batch',
      run: withInput(sound, (input) => ({
        ...input,
        a: transposed(input.a),
        b: transposed(input.b),
      })),
    },
  ],
};
