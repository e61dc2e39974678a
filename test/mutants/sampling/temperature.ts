import { softCappedLogits, staleLastLogits } from '../classics.ts';
import { oneHot, normalised, temperature as honest } from '../../honest/sampling/temperature.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { float32Rows, withInput, withOutput, type Mutants } from '../mutant.ts';
import { greatestOf } from '../../../spec/extremes.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);
const scaled =
  (scale: (x: number, t: number) => number): Mutants<'temperature'>['honest'] =>
  ({ logits, temperature: t }) => ({
    probabilities: float32Rows(logits, (row) =>
      t === 0
        ? oneHot(row)
        : normalised(
            unit,
            row.map((x) => f(scale(x, t))),
          ),
    ),
  });

export const temperature: Mutants<'temperature'> = {
  honest: sound,
  options: { zero: ['greedy', 'reject'] },
  mutants: [
    {
      id: 'divides-by-zero',
      defect: 'sampling-temperature-02',
      wrong: 'divides by a temperature of 0',
      run: ({ logits, temperature: t }) => ({
        probabilities: float32Rows(logits, (row) =>
          normalised(
            unit,
            row.map((x) => f(x / t)),
          ),
        ),
      }),
    },
    {
      id: 'applied-twice',
      defect: 'sampling-temperature-03',
      wrong: 'softmax(x / T²)',
      run: scaled((x, t) => x / t / t),
    },
    { id: 'multiplies', defect: 'classic', wrong: 'softmax(x · T)', run: scaled((x, t) => x * t) },
    {
      id: 'ignored',
      defect: 'classic',
      wrong: 'leaves the temperature out',
      run: scaled((x) => x),
    },
    {
      id: 'on-probabilities',
      defect: 'classic',
      wrong: 'divides the probabilities by T',
      run: withOutput(
        scaled((x) => x),
        ({ probabilities }, { temperature: t }) => ({
          probabilities: float32Rows(probabilities, (row) => row.map((p) => (t === 0 ? p : p / t))),
        }),
      ),
    },
    {
      id: 'clamped',
      defect: 'classic',
      wrong: 'clamps T to at most 1',
      run: withInput(sound, (input) => ({ ...input, temperature: Math.min(1, input.temperature) })),
    },
    {
      id: 'zero-is-uniform-over-ties',
      defect: 'classic',
      wrong: 'at T = 0 shares the mass among tied logits',
      run: ({ logits, temperature: t, zero }) =>
        t > 0
          ? sound({ logits, temperature: t, zero })
          : {
              probabilities: float32Rows(logits, (row) => {
                const m = greatestOf(row);
                const count = row.filter((x) => x === m).length;
                return row.map((x) => (x === m ? 1 / count : 0));
              }),
            },
    },
    {
      id: 'last-of-ties',
      defect: 'classic',
      wrong: 'at T = 0 takes the last of tied logits',
      run: ({ logits, temperature: t, zero }) =>
        t > 0
          ? sound({ logits, temperature: t, zero })
          : {
              probabilities: float32Rows(logits, (row) =>
                row.map((_, i) => Number(i === row.lastIndexOf(greatestOf(row)))),
              ),
            },
    },
    {
      id: 'epsilon',
      defect: 'classic',
      wrong: 'divides by T + 1e-3',
      run: scaled((x, t) => x / (t + 1e-3)),
    },
    staleLastLogits(sound),
    softCappedLogits(sound),
  ],
};
