import { sizeOf, tensor, type BooleanTensor } from '../../../spec/tensor.ts';
import type { Entry } from '../../interface/implementation.ts';
import type { Feed, Runtime } from './runtime.ts';

const outputs = ['bool'] as const;

const integers = (shape: readonly number[], data: readonly number[]): Feed => ({
  kind: 'int64',
  shape,
  data,
});

/** The lower triangle of a mask that allows everything: the diagonal ends at the lower right corner, or begins at the upper left one. */
async function triangle(
  runtime: Runtime,
  queryLength: number,
  keyLength: number,
  alignment: 'bottomRight' | 'topLeft',
): Promise<Feed> {
  const shape = [queryLength, keyLength];
  const all: Feed = { kind: 'bool', shape, data: new Uint8Array(sizeOf(shape)).fill(1) };
  const diagonal = integers([], [alignment === 'bottomRight' ? keyLength - queryLength : 0]);
  const operation = { operator: 'Trilu', attributes: { upper: { integer: 0 } }, outputs };
  const [answer] = await runtime.apply(operation, [all, diagonal]);
  return { kind: 'bool', shape, data: answer?.data ?? [] };
}

export const causalMask = (runtime: Runtime): Entry<'causalMask'> => ({
  options: { alignment: ['bottomRight', 'topLeft'] },
  run: async ({ queryLength, keyLength, alignment }) => {
    const { shape, data } = await triangle(runtime, queryLength, keyLength, alignment);
    return { mask: tensor('bool', shape, data) };
  },
});

/** Which keys each query may attend to, in the whole shape [..., Lq, Lk]; nothing where it is all of them. Causal joins the lower right corners. */
export async function allowedFor(
  runtime: Runtime,
  { mask, causal }: { readonly mask?: BooleanTensor | undefined; readonly causal: boolean },
  shape: readonly number[],
): Promise<Feed | undefined> {
  const [queryLength = 0, keyLength = 0] = shape.slice(-2);
  const own = causal ? await triangle(runtime, queryLength, keyLength, 'bottomRight') : undefined;
  const given: Feed | undefined = mask && { kind: 'bool', shape: mask.shape, data: mask.data };
  if (own !== undefined && given !== undefined) {
    const [both] = await runtime.apply({ operator: 'And', outputs }, [own, given]);
    return expanded(
      runtime,
      { kind: 'bool', shape: both?.shape ?? [], data: both?.data ?? [] },
      shape,
    );
  }
  const only = own ?? given;
  return only && expanded(runtime, only, shape);
}

async function expanded(runtime: Runtime, feed: Feed, shape: readonly number[]): Promise<Feed> {
  const lengths = integers([shape.length], shape);
  const [answer] = await runtime.apply({ operator: 'Expand', outputs }, [feed, lengths]);
  return { kind: 'bool', shape, data: answer?.data ?? [] };
}
