import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { gapCutoff as honest } from '../../honest/similarity/gapCutoff.ts';
import { withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const sound = honest(unitOf(float32));

interface Place {
  readonly values: readonly number[];
  readonly i: number;
  readonly drop: number;
  readonly gap: number;
}

/** Cuts after the first score that says so. */
const cutting =
  (
    ends: (place: Place) => boolean,
    find: 'findIndex' | 'findLastIndex' = 'findIndex',
  ): Kernel<'gapCutoff'> =>
  ({ scores, gap }) => {
    const values = Array.from(scores.data);
    const drops = values.slice(1).map((next, i) => f((values[i] ?? NaN) - next));
    const cut = drops[find]((drop, i) => ends({ values, i, drop, gap: f(gap) }));
    return { count: cut < 0 ? values.length : cut + 1 };
  };

export const gapCutoff: Mutants<'gapCutoff'> = {
  honest: sound,
  mutants: [
    {
      id: 'normalised',
      defect: 'similarity-cutoffs-05',
      wrong:
        'divides drops by the range of the scores, 0 for equal ones, and goes on only where a comparison says so',
      run: cutting(
        ({ values, drop, gap }) =>
          !(
            drop / ((values[0] ?? NaN) - (values.at(-1) ?? NaN)) <=
            gap / ((values[0] ?? NaN) - (values.at(-1) ?? NaN))
          ),
      ),
    },
    {
      id: 'looks-two-back',
      defect: 'similarity-cutoffs-05',
      wrong: 'decides the last by the drop two before it, which a list of two has not',
      run: cutting(({ values, i, drop, gap }) =>
        i === values.length - 2
          ? !(f((values[i - 1] ?? NaN) - (values[i] ?? NaN)) <= gap) && drop >= gap
          : drop > gap,
      ),
    },
    {
      id: 'at-equality',
      defect: 'classic',
      wrong: 'stops at a drop that equals the gap',
      run: cutting(({ drop, gap }) => drop >= gap),
    },
    {
      id: 'keeps-one-more',
      defect: 'classic',
      wrong: 'counts the score after the drop',
      run: withOutput(sound, ({ count }, { scores }) => ({
        count: Math.min(scores.data.length, count + 1),
      })),
    },
    {
      id: 'place-of-the-last',
      defect: 'classic',
      wrong: 'gives the place of the last that counts, one too few',
      run: withOutput(sound, ({ count }) => ({ count: Math.max(0, count - 1) })),
    },
    {
      id: 'last-drop',
      defect: 'classic',
      wrong: 'looks for the drop from the end',
      run: cutting(({ drop, gap }) => drop > gap, 'findLastIndex'),
    },
    {
      id: 'greatest-drop',
      defect: 'classic',
      wrong: 'cuts at the greatest drop',
      run: cutting(
        ({ values, drop, gap }) =>
          drop > gap && values.slice(1).every((next, j) => f((values[j] ?? NaN) - next) <= drop),
      ),
    },
    {
      id: 'from-the-best',
      defect: 'classic',
      wrong: 'measures how far scores are below the best',
      run: cutting(({ values, i, gap }) => f((values[0] ?? NaN) - (values[i + 1] ?? NaN)) > gap),
    },
    {
      id: 'relative',
      defect: 'classic',
      wrong: 'divides the drop by the score before it',
      run: cutting(({ values, i, drop, gap }) => drop / (values[i] ?? NaN) > gap),
    },
    {
      id: 'not-the-last-pair',
      defect: 'classic',
      wrong: 'never looks at the last drop',
      run: cutting(({ values, i, drop, gap }) => i < values.length - 2 && drop > gap),
    },
    {
      id: 'a-gap-of-zero-is-none',
      defect: 'classic',
      wrong: 'takes a gap of 0 for none',
      run: cutting(({ drop, gap }) => gap !== 0 && drop > gap),
    },
    {
      id: 'forgives',
      defect: 'classic',
      wrong: 'forgives a hundredth',
      run: cutting(({ drop, gap }) => drop > gap + 0.01),
    },
    {
      id: 'float16',
      defect: 'classic',
      wrong: 'subtracts in float16',
      run: cutting(
        ({ values, i, gap }) =>
          roundTo(
            roundTo(values[i] ?? NaN, 'float16') - roundTo(values[i + 1] ?? NaN, 'float16'),
            'float16',
          ) > gap,
      ),
    },
    {
      id: 'positive-only',
      defect: 'classic',
      wrong: 'stops at scores that are not positive',
      run: cutting(({ values, i, drop, gap }) => drop > gap || (values[i + 1] ?? NaN) <= 0),
    },
    {
      id: 'gap-with-epsilon',
      defect: 'classic',
      wrong: 'adds a thousandth to the gap, against rounding',
      run: cutting(({ drop, gap }) => drop > gap + 0.001),
    },
  ],
};
