import { mapped } from '../../spec/laws.ts';
import type { FloatTensor } from '../../spec/tensor.ts';
import { capped, lastRepeated } from './mutant.ts';

/** Mistakes that kernels of many components make alike, each as a mutant of a kernel that is right. */

type Run<I, O> = (input: I) => O;

/** A tensor of the input changed before the kernel sees it. */
const before =
  <F extends string>(field: F, change: (tensor: FloatTensor) => FloatTensor) =>
  (id: string, wrong: string) =>
  <I extends { readonly [K in F]: FloatTensor }, O>(sound: Run<I, O>) => ({
    id,
    defect: 'classic',
    wrong,
    run: (input: I): O => sound({ ...input, [field]: change(input[field]) }),
  });

const staleRow = [
  'stale-last-row',
  'answers the last of several rows as the one before it: the loop does not move on',
] as const;

export const staleLastLogits = before('logits', (logits) => lastRepeated(logits))(...staleRow);

export const staleLastGradient = before('outputGradient', (gradient) => lastRepeated(gradient))(
  ...staleRow,
);

export const clippedGradient = before('outputGradient', (gradient) => capped(gradient, 1))(
  'clipped',
  'clips what comes in at ±1, as training does with its gradients',
);

export const softCappedLogits = before('logits', (logits) =>
  mapped(logits, (x) => 30 * Math.tanh(x / 30)),
)('soft-capped', 'caps logits softly at 30, as some models do');

/** Probabilities that are never 0, so that their logarithms are finite. */
export const epsilonEverywhere = <I, O extends { readonly probabilities: FloatTensor }>(
  sound: Run<I, O | Promise<O>>,
) => ({
  id: 'epsilon-everywhere',
  defect: 'classic',
  wrong: 'gives every token 1e-9 more, against a logarithm of 0',
  run: async (input: I): Promise<O> => {
    const output = await sound(input);
    const probabilities = mapped(output.probabilities, (p) => Math.fround(p + 1e-9));
    return { ...output, probabilities };
  },
});
