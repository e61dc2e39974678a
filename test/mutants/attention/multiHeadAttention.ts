import { multiHeadGeometry } from '../../../spec/attention/multiHeadErrors.ts';
import { rearranged } from '../../../spec/laws.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import { multiHeadAttention as honest } from '../../honest/attention/multiHeadAttention.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { lastRepeated, withInput, type Mutants } from '../mutant.ts';

const unit = unitOf(float32);
const sound = honest(unit);
const transposed = (weight: FloatTensor): FloatTensor => {
  const [width = 1] = weight.shape;
  return rearranged(weight, weight.shape, (i) => (i % width) * width + Math.floor(i / width));
};
const firstTokens = (source: FloatTensor, count: number): FloatTensor => {
  const [batch = 0, length = 0, width = 0] = source.shape;
  const kept = Math.min(count, length);
  return rearranged(
    source,
    [batch, kept, width],
    (i) => Math.floor(i / (kept * width)) * length * width + (i % (kept * width)),
  );
};
const inChunks = (values: readonly number[], size: number): readonly (readonly number[])[] =>
  Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));

export const multiHeadAttention: Mutants<'multiHeadAttention'> = {
  honest: sound,
  mutants: [
    {
      id: 'interleaved-heads',
      defect: 'attention-multihead-01',
      wrong: 'cuts the width into heads by strides, as a view without exchanging axes does',
      run: honest(unit, { place: (head, c, _width, heads) => c * heads + head }),
    },
    {
      id: 'merged-without-exchange',
      defect: 'attention-multihead-02',
      wrong: 'merges heads and tokens in the order in which they lie',
      run: honest(unit, {
        merge: (heads, _length, headWidth) => inChunks(heads.flat(2), headWidth * heads.length),
      }),
    },
    {
      id: 'mask-by-head',
      defect: 'attention-multihead-03',
      wrong: 'the masks of the sequences repeated in another order than the heads',
      run: honest(unit, {
        allowed: (input) => {
          const { allowed, batch } = multiHeadGeometry(input);
          return (block, i, j, head) => allowed((block * input.heads + head) % batch, i, j);
        },
      }),
    },
    {
      id: 'memory-cut',
      defect: 'attention-cross-02',
      wrong: 'cuts the memory to its first three tokens',
      run: withInput(sound, (input) =>
        input.memory === undefined || input.mask !== undefined
          ? input
          : { ...input, memory: firstTokens(input.memory, 3) },
      ),
    },
    {
      id: 'memory-as-long-as-input',
      defect: 'attention-cross-03',
      wrong: 'takes as many tokens of memory as there are queries',
      run: withInput(sound, (input) =>
        input.memory === undefined || input.mask !== undefined
          ? input
          : { ...input, memory: firstTokens(input.memory, input.input.shape[1] ?? 1) },
      ),
    },
    {
      id: 'scale-of-model',
      defect: 'attention-sdpa-06',
      wrong: '1/√D of the whole width',
      run: honest(unit, { scale: ({ input }) => 1 / Math.sqrt(input.shape.at(-1) ?? 1) }),
    },
    {
      id: 'scale-of-heads',
      defect: 'attention-sdpa-07',
      wrong: '1/√H',
      run: honest(unit, { scale: ({ heads }) => 1 / Math.sqrt(heads) }),
    },
    {
      id: 'no-scale',
      defect: 'classic',
      wrong: 'leaves the scale out',
      run: honest(unit, { scale: () => 1 }),
    },
    {
      id: 'one-head',
      defect: 'classic',
      wrong: 'never splits',
      run: withInput(sound, (input) => ({ ...input, heads: 1 })),
    },
    {
      id: 'transposed-weights',
      defect: 'classic',
      wrong: 'x·Wᵀ in the output projection',
      run: withInput(sound, (input) => ({
        ...input,
        outputWeight: transposed(input.outputWeight),
      })),
    },
    {
      id: 'no-output-projection',
      defect: 'classic',
      wrong: 'leaves the output projection out',
      run: withInput(sound, (input) => ({
        ...input,
        outputWeight: {
          ...input.outputWeight,
          data: Array.from(input.outputWeight.data, (_, i) =>
            Number(i % ((input.outputWeight.shape[0] ?? 1) + 1) === 0),
          ),
        },
      })),
    },
    {
      id: 'keys-as-values',
      defect: 'classic',
      wrong: "values projected with the key's weight",
      run: withInput(sound, (input) => ({ ...input, valueWeight: input.keyWeight })),
    },
    {
      id: 'no-value-bias',
      defect: 'classic',
      wrong: 'forgets the bias of the values',
      run: withInput(sound, (input) => ({ ...input, valueBias: undefined })),
    },
    {
      id: 'no-output-bias',
      defect: 'classic',
      wrong: 'forgets the bias of the output',
      run: withInput(sound, (input) => ({ ...input, outputBias: undefined })),
    },
    {
      id: 'memory-ignored',
      defect: 'classic',
      wrong: 'attends to itself although a memory is given',
      run: withInput(sound, (input) =>
        input.mask !== undefined && input.memory?.shape[1] !== input.input.shape[1]
          ? input
          : { ...input, memory: undefined },
      ),
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
      id: 'stale-last-block',
      defect: 'classic',
      wrong: 'answers the last of several blocks as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, input: lastRepeated(input.input, -2) })),
    },
    {
      id: 'memory-is-never-causal',
      defect: 'classic',
      wrong: 'takes a memory for that of another sequence, and shows all of it',
      run: withInput(sound, (input) =>
        input.memory === undefined ? input : { ...input, causal: false },
      ),
    },
    {
      id: 'memory-causal',
      defect: 'classic',
      wrong: 'masks the future of a memory whether that is asked for or not',
      run: withInput(sound, (input) =>
        input.memory === undefined ? input : { ...input, causal: true },
      ),
    },
  ],
};
