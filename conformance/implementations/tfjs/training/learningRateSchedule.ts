import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';

/** One number: made on the host, in double, as every training loop does. */
function rateOf(input: Input<'learningRateSchedule'>): number {
  const { kind, step, width = NaN, warmup = 0, peak = NaN, final = 0, total = NaN } = input;
  if (kind === 'noam') return width ** -0.5 * Math.min(step ** -0.5, step * warmup ** -1.5);
  if (step < warmup) return (peak * step) / warmup;
  const way = Math.min(1, (step - warmup) / (total - warmup));
  const left = kind === 'linear' ? 1 - way : (1 + Math.cos(Math.PI * way)) / 2;
  return final + (peak - final) * left;
}

export const learningRateSchedule = ({
  numerics,
  compute,
}: Device): Entry<'learningRateSchedule'> => ({
  numerics,
  run: async (input) => ({
    learningRate: await compute('float32', [], () => tf.scalar(rateOf(input))),
  }),
});
