import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import { tensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

type Search = Input<'beamSearch'>;

interface Hypothesis {
  readonly tokens: readonly number[];
  readonly sum: number;
  readonly ended: boolean;
}

/** The sums of every hypothesis with every token behind it, in one graph. */
async function extended(
  { compute }: Device,
  { initial, transition, end }: Search,
  open: readonly Hypothesis[],
): Promise<readonly Hypothesis[]> {
  const width = initial.data.length;
  const sums = await compute('float32', [open.length, width], () => {
    const before = tf.tensor2d(
      open.map(({ sum }) => sum),
      [open.length, 1],
    );
    const last = open.map(({ tokens }) => tokens.at(-1) ?? -1);
    return last.includes(-1)
      ? upload(initial, [1, width])
      : tf.add(before, tf.gather(upload(transition), tf.tensor1d(last, 'int32')));
  });
  return open.flatMap(({ tokens }, i) =>
    Array.from({ length: width }, (_, token) => ({
      tokens: [...tokens, token],
      sum: sums.data[i * width + token] ?? NaN,
      ended: token === end,
    })).filter(({ sum }) => sum > -Infinity),
  );
}

/** Σ / T^λ; a power of 0 divides by nothing. */
const scoresOf = (
  { compute }: Device,
  { lengthPenalty }: Search,
  beam: readonly Hypothesis[],
): Promise<{ readonly data: ArrayLike<number> }> =>
  compute('float32', [beam.length], () => {
    const sums = tf.tensor1d(beam.map(({ sum }) => sum));
    const powers = beam.map(({ tokens }) => tokens.length ** lengthPenalty);
    return lengthPenalty === 0 ? sums : tf.div(sums, tf.tensor1d(powers));
  });

export const beamSearch = (device: Device): Entry<'beamSearch'> => ({
  numerics: device.numerics,
  run: async (search) => {
    let beam: readonly Hypothesis[] = [{ tokens: [], sum: 0, ended: false }];
    let scores: readonly number[] = [];
    for (let step = 0; step < search.length; step += 1) {
      const open = beam.filter(({ ended }) => !ended);
      const candidates = [
        ...beam.filter(({ ended }) => ended),
        ...(await extended(device, search, open)),
      ];
      const { data } = await scoresOf(device, search, candidates);
      const order = [...candidates.keys()]
        .sort((i, j) => (data[j] ?? NaN) - (data[i] ?? NaN))
        .slice(0, search.beams);
      beam = order.flatMap((i) => candidates[i] ?? []);
      scores = order.map((i) => data[i] ?? NaN);
    }
    const filled = beam.flatMap(({ tokens }) =>
      Array.from({ length: search.length }, (_, t) => tokens[t] ?? search.end ?? 0),
    );
    return {
      sequences: tensor('int32', [beam.length, search.length], filled),
      scores: tensor('float32', [beam.length], scores),
    };
  },
});
