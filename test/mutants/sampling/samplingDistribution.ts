import { epsilonEverywhere, staleLastLogits } from '../classics.ts';
import { samplingDistribution as honest } from '../../honest/sampling/filters.ts';
import type { Mutants } from '../mutant.ts';
import { withInput } from '../mutant.ts';
import { unit, unrenormalised } from './filters.ts';

const sound = honest(unit);

export const samplingDistribution: Mutants<'samplingDistribution'> = {
  honest: sound,
  options: { order: ['temperatureFirst', 'temperatureLast'] },
  mutants: [
    {
      id: 'other-order',
      defect: 'classic',
      wrong: 'applies the temperature at the other end',
      run: withInput(sound, (input) => ({
        ...input,
        order: input.order === 'temperatureFirst' ? 'temperatureLast' : 'temperatureFirst',
      })),
    },
    {
      id: 'no-temperature',
      defect: 'classic',
      wrong: 'leaves the temperature out',
      run: withInput(sound, (input) => ({ ...input, temperature: 1 })),
    },
    {
      id: 'temperature-twice',
      defect: 'sampling-temperature-03',
      wrong: 'applies the temperature twice',
      run: withInput(sound, (input) => ({ ...input, temperature: input.temperature ** 2 })),
    },
    {
      id: 'no-top-k',
      defect: 'classic',
      wrong: 'ignores topK',
      run: withInput(sound, (input) => ({ ...input, topK: undefined })),
    },
    {
      id: 'no-top-p',
      defect: 'classic',
      wrong: 'ignores topP',
      run: withInput(sound, (input) => ({ ...input, topP: undefined })),
    },
    {
      id: 'no-min-p',
      defect: 'classic',
      wrong: 'ignores minP',
      run: withInput(sound, (input) => ({ ...input, minP: undefined })),
    },
    {
      id: 'top-p-before-top-k',
      defect: 'classic',
      wrong: 'takes the nucleus of the whole distribution, not of what top-k left',
      run: async (input) => {
        const alone = await sound({ ...input, topK: undefined });
        const both = await sound(input);
        return alone.kept.data.filter(Boolean).length < both.kept.data.filter(Boolean).length ||
          input.topP === undefined ||
          input.topK === undefined
          ? both
          : sound({
              ...input,
              topK: Math.min(
                input.topK,
                Math.max(1, Array.from(alone.kept.data).filter(Boolean).length),
              ),
              topP: undefined,
            });
      },
    },
    {
      id: 'not-renormalised',
      defect: 'classic',
      wrong: 'leaves the probabilities as they were',
      run: async (input) => unrenormalised(await sound(input), input.logits),
    },
    {
      id: 'top-p-drops-crossing',
      defect: 'sampling-top-p-02',
      wrong: 'a smaller nucleus: p less a tenth',
      run: withInput(sound, (input) => ({
        ...input,
        topP: input.topP === undefined ? undefined : input.topP * 0.9,
      })),
    },
    staleLastLogits(sound),
    epsilonEverywhere(sound),
  ],
};
