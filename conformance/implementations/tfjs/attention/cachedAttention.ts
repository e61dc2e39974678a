import * as tf from '@tensorflow/tfjs-core';
import type { NewTokens } from '../../../../spec/attention/steps.ts';
import type { FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { session } from '../../../interface/session.ts';
import { upload, type Device } from '../device.ts';
import { listShape } from './attentionWeights.ts';
import { headGraph, type Head } from './headGraph.ts';

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
          const of = (list: tf.Tensor, block: number): tf.Tensor =>
            tf.squeeze(tf.slice(list, [block, 0, 0], [1, ...list.shape.slice(1)]), [0]);
          const asked = uploadList(query);
          const head: Head = {
            scale: 1 / Math.sqrt(width),
            diagonal: (held.key.shape[1] ?? 0) - queryLength,
            emptyRow: 'zero',
            isFinite: true,
          };
          const parts = Array.from({ length: blocks }, (_, i) =>
            headGraph(of(asked, i), of(held.key, i), of(held.value, i), head),
          );
          return tf.concat(parts, 0);
        });
        return { output };
      },
      close: () => {
        tf.dispose([cache?.key, cache?.value].flatMap((held) => held ?? []));
      },
    };
  }),
});
