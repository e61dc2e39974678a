import { roundTo } from '../../../spec/format.ts';
import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { dropout as honest } from '../../honest/layers/dropout.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { inPairs, capped, withInput, withOutput, type Mutants } from '../mutant.ts';

type Dropout = Mutants<'dropout'>['honest'];

const f = Math.fround;
const sound = honest(unitOf(float32));

const changed = (change: (input: Input<'dropout'>) => Input<'dropout'>): Dropout =>
  withInput(sound, change);

/** A kernel that makes otherwise what is kept in training. */
const withKept = (kept: (x: number, input: Input<'dropout'>) => number): Dropout =>
  withOutput(sound, ({ output }, input) => ({
    output: mapped(output, (y, i) =>
      input.training && input.keep.data[i] === 1 ? f(kept(input.input.data[i] ?? NaN, input)) : y,
    ),
  }));

/** A kernel that makes something else of what is dropped in training. */
const withDropped = (dropped: (x: number) => number): Dropout =>
  withOutput(sound, ({ output }, input) => ({
    output: mapped(output, (y, i) =>
      input.training && input.keep.data[i] !== 1 ? f(dropped(input.input.data[i] ?? NaN)) : y,
    ),
  }));

/** A kernel that does something in inference. */
const inInference = (change: (x: number, rate: number) => number): Dropout =>
  withOutput(sound, ({ output }, { training, rate }) => ({
    output: training ? output : mapped(output, (x) => f(change(x, rate))),
  }));

const shareKept = ({ keep }: Input<'dropout'>): number =>
  Array.from(keep.data).reduce((sum, k) => sum + k, 0) / keep.data.length;

export const dropout: Mutants<'dropout'> = {
  honest: sound,
  mutants: [
    {
      id: 'drops-in-inference',
      defect: 'classic',
      wrong: 'is never told that training has ended',
      run: changed((source) => ({ ...source, training: true })),
    },
    {
      id: 'scales-in-inference',
      defect: 'classic',
      wrong: 'scales by 1 − r in inference as well',
      run: inInference((x, rate) => x * (1 - rate)),
    },
    {
      id: 'loses-the-sign-of-zero',
      defect: 'classic',
      wrong: 'adds 0 in inference: not bit for bit',
      run: inInference((x) => x + 0),
    },
    {
      id: 'without-scale',
      defect: 'classic',
      wrong: 'does not scale what is kept',
      run: withKept((x) => x),
    },
    {
      id: 'scaled-down',
      defect: 'classic',
      wrong: 'multiplies by 1 − r',
      run: withKept((x, { rate }) => x * (1 - rate)),
    },
    {
      id: 'rate-for-keep-rate',
      defect: 'classic',
      wrong: 'divides by r',
      run: withKept((x, { rate }) => x / rate),
    },
    {
      id: 'observed-share',
      defect: 'classic',
      wrong: 'divides by the share that was kept',
      run: withKept((x, source) => x / shareKept(source)),
    },
    {
      id: 'mask-inverted',
      defect: 'classic',
      wrong: 'drops what is to be kept',
      run: changed((source) => ({ ...source, keep: mapped(source.keep, (k) => 1 - k) })),
    },
    {
      id: 'dropped-stay',
      defect: 'classic',
      wrong: 'leaves in place what is dropped',
      run: withDropped((x) => x),
    },
    {
      id: 'rate-zero-keeps-all',
      defect: 'classic',
      wrong: 'takes rate 0 for inference, whatever the mask says',
      run: changed((source) => ({ ...source, training: source.training && source.rate > 0 })),
    },
    {
      id: 'bfloat16-scale',
      defect: 'classic',
      wrong: 'keeps 1/(1 − r) in bfloat16',
      run: withKept((x, { rate }) => x * roundTo(1 / (1 - rate), 'bfloat16')),
    },
    {
      id: 'float16-rate',
      defect: 'classic',
      wrong: 'keeps the rate in float16',
      run: withKept((x, { rate }) => x / (1 - roundTo(rate, 'float16'))),
    },
    {
      id: 'odd-one-left',
      defect: 'classic',
      wrong: 'goes in pairs, and leaves the last of an odd number as it came',
      run: withOutput(sound, ({ output }, { input }) => ({ output: inPairs(output, input) })),
    },
    {
      id: 'capped',
      defect: 'classic',
      wrong: 'cuts its input off at ±4',
      run: withInput(sound, (source) => ({ ...source, input: capped(source.input, 4) })),
    },
  ],
};
