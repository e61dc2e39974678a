import type { NewTokens } from '../../../spec/attention/steps.ts';
import { sizeOf, tensor } from '../../../spec/tensor.ts';
import { Unsupported, type Entry } from '../../interface/implementation.ts';
import { session } from '../../interface/session.ts';
import { asBatch, floats } from './rows.ts';
import type { Feed, Operation, Result, Runtime } from './runtime.ts';

const operation: Operation = {
  operator: 'Attention',
  attributes: { is_causal: { integer: 1 } },
  outputs: ['float32', 'float32', 'float32'],
};

const kept = (present: Result | undefined): Feed | undefined =>
  present && { kind: 'float32', ...present };

/** The operator takes the keys and values of the tokens before, and gives back those and the new ones. */
export const cachedAttention = (runtime: Runtime): Entry<'cachedAttention'> => ({
  numerics: runtime.exponentials,
  run: session(() => {
    let past: readonly (Feed | undefined)[] = [];
    return {
      act: async ({ input }: { readonly input: NewTokens }) => {
        const { query, key, value } = input;
        if (sizeOf(query.shape) === 0)
          throw new Unsupported('onnxruntime takes one new token at least');
        const shape = [...query.shape.slice(0, -1), value.shape.at(-1) ?? 0];
        const added = [query, key, value].map((part) => floats(part, asBatch(part)));
        const [output, keys, values] = await runtime.apply(operation, [
          ...added,
          ...(past.length === 0 ? [] : [undefined, ...past]),
        ]);
        past = [kept(keys), kept(values)];
        return {
          output: tensor('float32', shape, output?.data ?? []),
        };
      },
    };
  }),
});
