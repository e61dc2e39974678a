import type { Input } from '../../../spec/index.ts';
import { roundTo } from '../../../spec/format.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { geometryOf } from '../../../spec/attention/rows.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import { scaledDotProductAttention as honest } from '../../honest/attention/attention.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import type { Kernel } from '../../../conformance/interface/implementation.ts';
import {
  beyondFloat16,
  withoutOdd,
  lastRepeated,
  withInput,
  withOutput,
  type Mutants,
} from '../mutant.ts';

type Attention = Input<'scaledDotProductAttention'>;
const unit = unitOf(float32);
const sound = honest(unit);
const f = Math.fround;
const widthOf = ({ query }: Attention): number => query.shape.at(-1) ?? 1;
const rescaled = (factor: (input: Attention) => number): Kernel<'scaledDotProductAttention'> =>
  withInput(sound, (input) =>
    input.scale === undefined ? { ...input, scale: factor(input) } : input,
  );

/** Attention with a softmax, a mask value and a product of its own, over whole rows. */
const assembled =
  ({
    masked = -Infinity,
    softmax = plainSoftmax,
    dot = unit.dot,
    mix = (w: readonly number[], v: readonly number[]) => unit.dot(w, v),
  }): Kernel<'scaledDotProductAttention'> =>
  (input) => {
    const { leading, queryLength, keyLength, allowed } = geometryOf(input);
    const [queries, keys, values] = [rowsOf(input.query), rowsOf(input.key), rowsOf(input.value)];
    const factor = f(input.scale ?? 1 / Math.sqrt(widthOf(input)));
    const width = input.value.shape.at(-1) ?? 1;
    const rows = queries.map((q, at) => {
      const block = Math.floor(at / Math.max(1, queryLength));
      const seen = Array.from({ length: keyLength }, (_, j) => allowed(block, at % queryLength, j));
      if (!seen.includes(true))
        return new Array<number>(width).fill(input.emptyRow === 'nan' ? NaN : 0);
      const scores = seen.map((may, j) =>
        may ? f(dot(q, keys[block * keyLength + j] ?? []) * factor) : masked,
      );
      const weights = softmax(scores);
      return Array.from({ length: width }, (_, c) =>
        mix(
          weights,
          seen.map((_may, j) =>
            weights[j] === 0 ? 0 : (values[block * keyLength + j]?.[c] ?? NaN),
          ),
        ),
      );
    });
    return { output: tensor('float32', [...leading, queryLength, width], rows.flat().map(f)) };
  };

function plainSoftmax(scores: readonly number[]): readonly number[] {
  const shift = greatestOf(scores);
  const weights = scores.map((s) => f(Math.exp(f(s - shift))));
  const total = unit.sum(weights);
  return weights.map((w) => f(w / total));
}

/** Tiles of two keys from the right, with a running maximum. `guard` is what becomes of a maximum of −Infinity. */
const tiled =
  (
    guard: (m: number) => number,
    rescale = (before: number, now: number) => f(Math.exp(f(before - now))),
  ) =>
  (scores: readonly number[]): readonly number[] => {
    let best = -Infinity;
    const weights = scores.map(() => 0);
    for (let end = scores.length; end > 0; end -= 2) {
      const next = guard(Math.max(best, greatestOf(scores.slice(Math.max(0, end - 2), end))));
      const factor = best === -Infinity && next !== -Infinity ? 0 : rescale(best, next);
      for (let j = 0; j < scores.length; j += 1)
        weights[j] =
          j >= end
            ? f((weights[j] ?? 0) * factor)
            : j >= end - 2
              ? f(Math.exp(f((scores[j] ?? 0) - next)))
              : 0;
      best = next;
    }
    const total = unit.sum(weights);
    return weights.map((w) => f(w / total));
  };

export const scaledDotProductAttention: Mutants<'scaledDotProductAttention'> = {
  honest: sound,
  options: { alignment: ['bottomRight', 'topLeft'], emptyRow: ['zero', 'nan'] },
  mutants: [
    {
      id: 'masks-with-epsilon',
      defect: 'attention-sdpa-04',
      wrong: 'a masked score is -1e-12 instead of -Infinity',
      run: assembled({ masked: -1e-12 }),
    },
    {
      id: 'inverse-scale',
      defect: 'attention-sdpa-09',
      wrong: 'multiplies by √D',
      run: rescaled((input) => Math.sqrt(widthOf(input))),
    },
    {
      id: 'scale-of-model',
      defect: 'attention-sdpa-06',
      wrong: '1/√(2D), the width of all heads',
      run: rescaled((input) => 1 / Math.sqrt(2 * widthOf(input))),
    },
    {
      id: 'scale-of-heads',
      defect: 'attention-sdpa-07',
      wrong: '1/√(number of queries)',
      run: rescaled((input) => 1 / Math.sqrt(Math.max(1, input.query.shape.at(-2) ?? 1))),
    },
    {
      id: 'stuck-maximum',
      defect: 'attention-sdpa-11',
      wrong: 'a running maximum of -Infinity is stored as 0 and never replaced by a smaller one',
      run: assembled({ softmax: tiled((m) => (m === -Infinity ? 0 : m)) }),
    },
    {
      id: 'empty-tile',
      defect: 'attention-sdpa-12',
      wrong: 'a tile of masked keys alone gives NaN that survives',
      run: assembled({
        softmax: tiled(
          (m) => m,
          (before, now) => f(Math.exp(f(before - now))),
        ),
      }),
    },
    {
      id: 'query-mask',
      defect: 'attention-sdpa-05',
      wrong: 'masks queries instead of keys',
      run: withInput(sound, (input) => {
        const { mask } = input;
        const [rows = 1, columns = 1] = mask?.shape.slice(-2) ?? [];
        return mask === undefined ||
          (rows !== 1 && rows !== columns) ||
          columns !== (input.query.shape.at(-2) ?? 0)
          ? input
          : {
              ...input,
              mask: tensor(
                'bool',
                [columns, columns],
                Array.from(
                  { length: columns * columns },
                  (_, i) =>
                    mask.data[
                      rows === 1
                        ? Math.floor(i / columns)
                        : (i % columns) * columns + Math.floor(i / columns)
                    ] ?? 1,
                ),
              ),
            };
      }),
    },
    { id: 'no-scale', defect: 'classic', wrong: 'leaves the scale out', run: rescaled(() => 1) },
    {
      id: 'scale-of-width',
      defect: 'classic',
      wrong: 'divides by D',
      run: rescaled((input) => 1 / widthOf(input)),
    },
    {
      id: 'given-scale-ignored',
      defect: 'classic',
      wrong: 'ignores a scale that is given',
      run: withInput(sound, (input) => ({ ...input, scale: undefined })),
    },
    {
      id: 'mask-ignored',
      defect: 'classic',
      wrong: 'ignores the mask',
      run: withInput(sound, (input) => ({ ...input, mask: undefined })),
    },
    {
      id: 'causal-ignored',
      defect: 'classic',
      wrong: 'sees the future',
      run: withInput(sound, (input) => ({ ...input, causal: false })),
    },
    {
      id: 'other-corner',
      defect: 'classic',
      wrong: 'joins the causal mask at the other corner',
      run: withInput(sound, (input) => ({
        ...input,
        alignment: input.alignment === 'topLeft' ? 'bottomRight' : 'topLeft',
      })),
    },
    {
      id: 'empty-is-uniform',
      defect: 'attention-causal-02',
      wrong: 'a query without keys takes the mean of all values',
      run: withOutput(sound, ({ output }, input) => {
        const mean = assembled({});
        const all = mean({ ...input, mask: undefined, causal: false, scale: 0 });
        return all instanceof Promise || input.value.shape.at(-2) === 0
          ? { output }
          : {
              output: tensor(
                'float32',
                output.shape,
                rowsOf(output).flatMap((row, r) =>
                  row.every((x) => x === 0 || Number.isNaN(x))
                    ? (rowsOf(all.output)[r] ?? row)
                    : row,
                ),
              ),
            };
      }),
    },
    {
      id: 'unshifted',
      defect: 'classic',
      wrong: 'takes exponentials of the scores as they are',
      run: assembled({
        softmax: (scores) => {
          const weights = scores.map((s) => f(Math.exp(s)));
          const total = unit.sum(weights);
          return weights.map((w) => f(w / total));
        },
      }),
    },
    {
      id: 'bfloat16-probabilities',
      defect: 'classic',
      wrong: 'casts the probabilities to bfloat16 without saying so',
      run: assembled({
        softmax: (scores) => plainSoftmax(scores).map((p) => roundTo(p, 'bfloat16')),
      }),
    },
    {
      id: 'float16-overflow',
      defect: 'classic',
      wrong: 'scores overflow where a float16 does, before they are scaled',
      run: assembled({ dot: (q, k) => beyondFloat16(unit.dot(q, k)) }),
    },
    {
      id: 'float16-mix',
      defect: 'classic',
      wrong: 'adds up the values in float16',
      run: assembled({
        mix: (w, v) => w.reduce((total, x, j) => roundTo(total + x * (v[j] ?? 0), 'float16'), 0),
      }),
    },
    {
      id: 'no-rescale',
      defect: 'classic',
      wrong: 'does not rescale when the running maximum rises',
      run: assembled({
        softmax: tiled(
          (m) => m,
          () => 1,
        ),
      }),
    },
    {
      id: 'last-key-lost',
      defect: 'classic',
      wrong: 'stops one key short',
      run: assembled({ mix: (w, v) => unit.dot(w.slice(0, Math.max(1, w.length - 1)), v) }),
    },
    {
      id: 'query-for-key',
      defect: 'classic',
      wrong: "keys and queries in each other's place",
      run: withInput(sound, (input) =>
        input.query.shape.join() === input.key.shape.join()
          ? { ...input, query: input.key, key: input.query }
          : input,
      ),
    },
    {
      id: 'first-block',
      defect: 'classic',
      wrong: 'every block takes the keys of the first',
      run: withInput(sound, (input) => {
        const size = (input.key.shape.at(-2) ?? 1) * widthOf(input);
        return {
          ...input,
          key: {
            ...input.key,
            data: Array.from(input.key.data, (_, i) => input.key.data[i % Math.max(1, size)] ?? 0),
          },
        };
      }),
    },
    {
      id: 'odd-column-lost',
      defect: 'classic',
      wrong: 'goes in pairs of columns, and leaves 0 in the last of an odd number of them',
      run: withOutput(sound, ({ output }) => ({ output: withoutOdd(output) })),
    },
    {
      id: 'stale-last-block',
      defect: 'classic',
      wrong: 'answers the last of several blocks as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, query: lastRepeated(input.query, -2) })),
    },
  ],
};
