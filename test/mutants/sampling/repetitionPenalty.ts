import { greatestOf } from '../../../spec/extremes.ts';
import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { tensor } from '../../../spec/tensor.ts';
import { repetitionPenalty as honest } from '../../honest/sampling/repetitionPenalty.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withInput, type Mutants } from '../mutant.ts';

const sound = honest(unitOf(float32));
type Kernel = Mutants<'repetitionPenalty'>['honest'];
const penalize = (x: number, p: number): number => (x > 0 ? x / p : x * p);

/** What becomes of the logit of a token that was seen so many times. */
const each =
  (compute: (x: number, p: number, times: number) => number): Kernel =>
  ({ logits, seen, penalty }) => {
    const ids = Array.from(seen.data);
    return {
      logits: mapped(logits, (x, j) => {
        const times = ids.filter((id) => id === j).length;
        return times === 0 ? x : Math.fround(compute(x, Math.fround(penalty), times));
      }),
    };
  };

const otherTokens = (change: (seen: readonly number[], width: number) => readonly number[]) =>
  withInput(sound, (input) => {
    const seen = change(Array.from(input.seen.data), input.logits.data.length);
    return { ...input, seen: tensor('int32', [seen.length], seen) };
  });

const otherPenalty = (change: (p: number) => number): Kernel =>
  withInput(sound, (input) => ({ ...input, penalty: change(input.penalty) }));

export const repetitionPenalty: Mutants<'repetitionPenalty'> = {
  honest: sound,
  mutants: [
    {
      id: 'always-divides',
      defect: 'classic',
      wrong: 'divides negative logits too, which raises them',
      run: each((x, p) => x / p),
    },
    {
      id: 'always-multiplies',
      defect: 'classic',
      wrong: 'multiplies positive logits too',
      run: each((x, p) => x * p),
    },
    {
      id: 'once-per-occurrence',
      defect: 'classic',
      wrong: 'applies the penalty as often as a token was seen',
      run: each((x, p, times) =>
        Array.from({ length: times }).reduce<number>((y) => Math.fround(penalize(y, p)), x),
      ),
    },
    {
      id: 'subtracts',
      defect: 'classic',
      wrong: 'subtracts the penalty',
      run: each((x, p) => x - p),
    },
    {
      id: 'inverted',
      defect: 'classic',
      wrong: 'rewards instead',
      run: each((x, p) => penalize(x, 1 / p)),
    },
    {
      id: 'every-token',
      defect: 'classic',
      wrong: 'penalises all tokens',
      run: otherTokens((_seen, width) => [...new Array<number>(width).keys()]),
    },
    {
      id: 'last-token-only',
      defect: 'classic',
      wrong: 'looks at the last token alone',
      run: otherTokens((seen) => seen.slice(-1)),
    },
    {
      id: 'forgets-last',
      defect: 'classic',
      wrong: 'leaves out the last token',
      run: otherTokens((seen) => seen.slice(0, -1)),
    },
    {
      id: 'counts-from-one',
      defect: 'classic',
      wrong: 'takes the token before',
      run: otherTokens((seen) => seen.map((id) => Math.max(0, id - 1))),
    },
    {
      id: 'at-least-one',
      defect: 'classic',
      wrong: 'raises a penalty below 1 to 1',
      run: otherPenalty((p) => Math.max(1, p)),
    },
    {
      id: 'bfloat16-penalty',
      defect: 'classic',
      wrong: 'keeps the penalty in bfloat16',
      run: otherPenalty((p) => roundTo(p, 'bfloat16')),
    },
    {
      id: 'normalises-first',
      defect: 'classic',
      wrong: 'subtracts the greatest logit first',
      run: withInput(sound, (input) => {
        const greatest = greatestOf(input.logits.data);
        return greatest === -Infinity
          ? input
          : { ...input, logits: mapped(input.logits, (x) => x - greatest) };
      }),
    },
  ],
};
