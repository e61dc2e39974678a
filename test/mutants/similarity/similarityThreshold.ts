import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { similarityThreshold as honest } from '../../honest/similarity/similarityThreshold.ts';
import { withInput, type Mutants } from '../mutant.ts';

const sound = honest(unitOf(float32));

const counting =
  (isCounted: (score: number, threshold: number) => boolean): Kernel<'similarityThreshold'> =>
  ({ scores, threshold }) => {
    const held = Math.fround(threshold);
    return { count: Array.from(scores.data).filter((x) => isCounted(x, held)).length };
  };

export const similarityThreshold: Mutants<'similarityThreshold'> = {
  honest: sound,
  mutants: [
    {
      id: 'strict',
      defect: 'similarity-cutoffs-06',
      wrong: 'leaves out what equals the threshold',
      run: counting((x, t) => x > t),
    },
    {
      id: 'at-most-one',
      defect: 'similarity-cutoffs-07',
      wrong: 'applies an upper bound of 1, which a rounded cosine exceeds',
      run: counting((x, t) => x >= t && x <= 1),
    },
    {
      id: 'far-is-one',
      defect: 'similarity-cutoffs-01',
      wrong: 'takes a distance of 1 or more for a similarity of 1',
      run: counting((x, t) => (1 - x >= 1 ? 1 : x) >= t),
    },
    {
      id: 'as-distances',
      defect: 'classic',
      wrong: 'counts what is at most the threshold',
      run: counting((x, t) => x <= t),
    },
    {
      id: 'magnitudes',
      defect: 'classic',
      wrong: 'compares magnitudes',
      run: counting((x, t) => Math.abs(x) >= t),
    },
    {
      id: 'positive-only',
      defect: 'classic',
      wrong: 'counts no score that is not positive',
      run: counting((x, t) => x >= t && x > 0),
    },
    {
      id: 'false-threshold',
      defect: 'classic',
      wrong: 'takes a threshold that is not positive for none',
      run: counting((x, t) => t <= 0 || x >= t),
    },
    {
      id: 'from-minus-one',
      defect: 'classic',
      wrong: 'brings scores from [−1, 1] to [0, 1] first',
      run: counting((x, t) => (x + 1) / 2 >= t),
    },
    {
      id: 'first-of-equals',
      defect: 'classic',
      wrong: 'searches by halves and stops at the first that equals the threshold',
      run: ({ scores, threshold }) => {
        const values = Array.from(scores.data);
        const equal = values.indexOf(Math.fround(threshold));
        return {
          count: equal < 0 ? values.filter((x) => x >= Math.fround(threshold)).length : equal + 1,
        };
      },
    },
    {
      id: 'one-percent',
      defect: 'classic',
      wrong: 'forgives a hundredth',
      run: counting((x, t) => x >= t - 0.01),
    },
    {
      id: 'first-page',
      defect: 'classic',
      wrong: 'looks at the first hundred only',
      run: withInput(sound, ({ scores, threshold }) => {
        const first = Array.from(scores.data).slice(0, 100);
        return { scores: { ...scores, shape: [first.length], data: first }, threshold };
      }),
    },
    {
      id: 'index-of-last',
      defect: 'classic',
      wrong: 'gives the place of the last that counts, one too few',
      run: (input) => {
        const { scores, threshold } = input;
        return {
          count: Array.from(scores.data).findLastIndex((x) => x >= Math.fround(threshold)),
        };
      },
    },
  ],
};
