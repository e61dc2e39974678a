import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import type { Input } from '../../../spec/index.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { attentionWeights as honest, scoreOf } from '../../honest/attention/attention.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  beyondFloat16,
  withoutOdd,
  lastRepeated,
  float32Rows,
  withInput,
  withOutput,
  type Mutants,
} from '../mutant.ts';

type Weights = Input<'attentionWeights'>;
const unit = unitOf(float32);
const sound = honest(unit);
const widthOf = ({ query }: Weights): number => query.shape.at(-1) ?? 1;
const rescaled = (factor: (input: Weights) => number): Kernel<'attentionWeights'> =>
  withInput(sound, (input) =>
    input.scale === undefined ? { ...input, scale: factor(input) } : input,
  );

export const attentionWeights: Mutants<'attentionWeights'> = {
  honest: sound,
  options: { alignment: ['bottomRight', 'topLeft'], emptyRow: ['zero', 'nan'] },
  mutants: [
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
    { id: 'no-scale', defect: 'classic', wrong: 'leaves the scale out', run: rescaled(() => 1) },
    {
      id: 'mask-ignored',
      defect: 'classic',
      wrong: 'ignores the mask',
      run: withInput(sound, (input) => ({ ...input, mask: undefined })),
    },
    {
      id: 'mask-inverted',
      defect: 'classic',
      wrong: 'true means masked',
      run: withInput(sound, (input) =>
        input.mask === undefined
          ? input
          : { ...input, mask: { ...input.mask, data: Array.from(input.mask.data, (x) => 1 - x) } },
      ),
    },
    {
      id: 'causal-ignored',
      defect: 'classic',
      wrong: 'sees the future',
      run: withInput(sound, (input) => ({ ...input, causal: false })),
    },
    {
      id: 'mask-after-softmax',
      defect: 'classic',
      wrong: 'zeroes masked weights after the softmax without normalising again',
      run: async (input) => {
        const [all, masked] = [
          await sound({ ...input, mask: undefined, causal: false }),
          await sound(input),
        ];
        return {
          weights: tensor(
            'float32',
            masked.weights.shape,
            Array.from(masked.weights.data, (w, i) =>
              w === 0 || Number.isNaN(w) ? w : (all.weights.data[i] ?? 0),
            ),
          ),
        };
      },
    },
    {
      id: 'columns',
      defect: 'classic',
      wrong: 'normalises over the queries',
      run: withOutput(sound, ({ weights }) => {
        const rows = rowsOf(weights);
        const count = weights.shape.at(-2) ?? 1;
        return {
          weights: tensor(
            'float32',
            weights.shape,
            rows
              .flatMap((row, r) =>
                row.map((w, j) => {
                  const block = Math.floor(r / count) * count;
                  const total = rows
                    .slice(block, block + count)
                    .reduce((sum, other) => sum + (other[j] ?? 0), 0);
                  return w === 0 ? 0 : w / total;
                }),
              )
              .map(Math.fround),
          ),
        };
      }),
    },
    {
      id: 'float16-scores',
      defect: 'classic',
      wrong: 'keeps the scores in float16',
      run: (input) => honest(unit, (q, k) => roundTo(scoreOf(unit, input)(q, k), 'float16'))(input),
    },
    {
      id: 'float16-overflow',
      defect: 'classic',
      wrong: 'scores overflow where a float16 does, before they are scaled',
      run: (input) => {
        const factor = Math.fround(input.scale ?? 1 / Math.sqrt(widthOf(input)));
        return honest(unit, (q, k) => Math.fround(beyondFloat16(unit.dot(q, k)) * factor))(input);
      },
    },
    {
      id: 'bfloat16-probabilities',
      defect: 'classic',
      wrong: 'casts the weights to bfloat16 without saying so',
      run: withOutput(sound, ({ weights }) => ({
        weights: float32Rows(weights, (row) => row.map((w) => roundTo(w, 'bfloat16'))),
      })),
    },
    {
      id: 'negated',
      defect: 'classic',
      wrong: 'the softmax of the negated scores',
      run: (input) => honest(unit, (q, k) => -scoreOf(unit, input)(q, k))(input),
    },
    {
      id: 'stale-last-block',
      defect: 'classic',
      wrong: 'answers the last of several blocks as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, query: lastRepeated(input.query, -2) })),
    },
    {
      id: 'always-causal',
      defect: 'classic',
      wrong: 'masks the future whether that is asked for or not',
      run: withInput(sound, (input) => ({ ...input, causal: true })),
    },
    {
      id: 'odd-width-lost',
      defect: 'classic',
      wrong: 'goes in pairs, and leaves out the last of an odd width',
      run: withInput(sound, (input) => ({ ...input, query: withoutOdd(input.query) })),
    },
  ],
};
