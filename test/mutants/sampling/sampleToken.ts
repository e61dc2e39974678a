import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { sampleToken as honest } from '../../honest/sampling/sampleToken.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withInput, type Mutants } from '../mutant.ts';
import { greatestOf } from '../../../spec/extremes.ts';

const f = Math.fround;
const sums = (p: readonly number[]): readonly number[] => {
  let mass = 0;
  return p.map((x) => (mass = f(mass + x)));
};
const search =
  (
    find: (cumulative: readonly number[], u: number, p: readonly number[]) => number,
  ): Kernel<'sampleToken'> =>
  ({ probabilities, u }) => {
    const p = Array.from(probabilities.data);
    const token = find(sums(p), u, p);
    return { token: token < 0 ? p.findLastIndex((x) => x > 0) : token };
  };

export const sampleToken: Mutants<'sampleToken'> = {
  honest: honest(unitOf(float32)),
  mutants: [
    {
      id: 'at-least',
      defect: 'sampling-draw-greedy-penalty-01',
      wrong: 'takes the first cumulative sum that is ≥ u',
      run: search((c, u) => c.findIndex((x) => x >= u)),
    },
    {
      id: 'sixteen-bit-index',
      defect: 'classic',
      wrong: 'keeps the index in 16 bits: tokens from 65,536 on are not drawn',
      run: search((c, u, p) => {
        const found = c.findIndex((x) => x > u);
        return (found < 0 ? p.findLastIndex((x) => x > 0) : found) % 65536;
      }),
    },
    {
      id: 'falls-on-zero',
      defect: 'sampling-draw-greedy-penalty-03',
      wrong: 'steps one further where the sum equals the one before, onto tokens of probability 0',
      run: search((c, u, p) => {
        const t = c.findIndex((x) => x > u);
        return t > 0 && p[t - 1] === 0 ? t - 1 : t;
      }),
    },
    {
      id: 'tail-lost',
      defect: 'sampling-draw-greedy-penalty-04',
      wrong: 'keeps the cumulative sums in so few bits that the tail is lost',
      run: ({ probabilities, u }) => {
        const p = Array.from(probabilities.data);
        let mass = 0;
        const c = p.map((x) => (mass = Math.round((mass + x) * 256) / 256));
        const t = c.findIndex((x) => x > u);
        return { token: t < 0 ? p.findIndex((x) => x > 0) : t };
      },
    },
    {
      id: 'from-the-end',
      defect: 'classic',
      wrong: 'adds up from the last token',
      run: ({ probabilities, u }) => {
        const p = Array.from(probabilities.data);
        const c = sums(p.toReversed());
        const t = c.findIndex((x, i) => x > u && (p.at(-1 - i) ?? 0) > 0);
        return { token: p.length - 1 - Math.max(0, t) };
      },
    },
    {
      id: 'ignores-u',
      defect: 'classic',
      wrong: 'takes the likeliest',
      run: search((_c, _u, p) => p.indexOf(greatestOf(p))),
    },
    {
      id: 'complement',
      defect: 'classic',
      wrong: 'uses 1 − u',
      run: withInput(honest(unitOf(float32)), (input) => ({
        ...input,
        u: Math.min(1 - 2 ** -24, 1 - input.u),
      })),
    },
    {
      id: 'off-by-one',
      defect: 'classic',
      wrong: 'returns the token after the right one',
      run: search((c, u) => Math.min(c.length - 1, c.findIndex((x) => x > u) + 1)),
    },
    {
      id: 'last-always',
      defect: 'classic',
      wrong: 'falls back to the last token, whatever its probability',
      run: ({ probabilities, u }) => {
        const c = sums(Array.from(probabilities.data));
        const t = c.slice(0, -1).findIndex((x) => x > u + 2 ** -20);
        return { token: t < 0 ? c.length - 1 : t };
      },
    },
  ],
};
