import * as tf from '@tensorflow/tfjs-core';
import type { NewTokens } from '../../../../spec/attention/cachedAttention.ts';
import type { FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { session } from '../../../interface/session.ts';
import { upload, type Device } from '../device.ts';
import { attentionGraph, mixGraph } from './attend.ts';
import { listShape } from './attentionWeights.ts';
import { keptGraph } from './kept.ts';

/** What has been appended, on the device, in lists of matrices. */
interface Cache {
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
}

const uploadList = (source: FloatTensor): tf.Tensor => upload(source, listShape(source.shape));

const extended = (old: tf.Tensor | undefined, added: tf.Tensor): tf.Tensor =>
  tf.keep(old === undefined ? tf.clone(added) : tf.concat([old, added], 1));

/** The cache stays on the device from step to step. */
export const cachedAttention = ({ numerics, compute }: Device): Entry<'cachedAttention'> => ({
  numerics,
  run: session(() => {
    let cache: Cache | undefined;
    const grow = ({ key, value }: NewTokens): Cache => {
      const before = cache;
      const grown = tf.tidy(() => ({
        key: extended(before?.key, uploadList(key)),
        value: extended(before?.value, uploadList(value)),
      }));
      tf.dispose([before?.key, before?.value].flatMap((held) => held ?? []));
      cache = grown;
      return grown;
    };
    return {
      act: async ({ input }: { readonly input: NewTokens }) => {
        const { query, value } = input;
        const width = query.shape.at(-1) ?? 1;
        const shape = [...query.shape.slice(0, -1), value.shape.at(-1) ?? 0];
        const [blocks = 0, queryLength = 0] = listShape(query.shape);
        const output = await compute('float32', shape, () => {
          const held = grow(input);
          const keyLength = held.key.shape[1] ?? 0;
          const kept = keptGraph({ causal: true }, [blocks, queryLength, keyLength]);
          const weights = attentionGraph(uploadList(query), held.key, {
            scale: 1 / Math.sqrt(width),
            kept,
            emptyRow: 'zero',
          });
          return mixGraph(weights, held.value, { kept, isFinite: true });
        });
        return { output };
      },
      close: () => {
        tf.dispose([cache?.key, cache?.value].flatMap((held) => held ?? []));
      },
    };
  }),
});
