import { rearranged } from '../../../spec/laws.ts';
import type { AttentionWeights } from '../../../spec/models/weights.ts';
import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import { scaledDotProductAttention } from '../../honest/attention/attention.ts';
import { mapLinear } from '../../honest/layers/feedForward.ts';
import type { Unit } from '../../honest/machine.ts';
import type { Attending } from '../../honest/models/blocks.ts';

/** [B · L, H · D] as [B, H, L, D], and back. */
const exchanged = (
  source: FloatTensor,
  shape: readonly [number, number, number, number],
): FloatTensor => {
  const [batch, first, second, width] = shape;
  return rearranged(source, [batch, second, first, width], (i) => {
    const [c, a, b, block] = [
      i % width,
      Math.floor(i / width) % first,
      Math.floor(i / width / first) % second,
      Math.floor(i / width / first / second),
    ];
    return ((block * first + a) * second + b) * width + c;
  });
};

/** Keys of one source and values of another, which are as long. */
export async function mixedAttention(
  inner: Unit,
  [asking, keyed, valued]: readonly [FloatTensor, FloatTensor, FloatTensor],
  weights: AttentionWeights,
  { heads, mask }: Attending,
): Promise<FloatTensor> {
  const [batch = 0, length = 0, width = 0] = asking.shape;
  const cut = (source: FloatTensor, weight: FloatTensor, bias: FloatTensor | undefined) => {
    const rows = mapLinear(inner, rowsOf(source), weight, bias).flat();
    const count = source.shape[1] ?? 0;
    return exchanged(inner.store([rows.length], rows), [batch, count, heads, width / heads]);
  };
  const spread =
    mask === undefined || mask.shape.length < 3
      ? mask
      : { ...mask, shape: [mask.shape[0] ?? 1, 1, ...mask.shape.slice(1)] };
  const { output } = await scaledDotProductAttention(inner)({
    query: cut(asking, weights.queryWeight, weights.queryBias),
    key: cut(keyed, weights.keyWeight, weights.keyBias),
    value: cut(valued, weights.valueWeight, weights.valueBias),
    mask: spread,
    causal: false,
    alignment: 'bottomRight',
    emptyRow: 'zero',
    maskedValues: 'isolated',
  });
  const merged = exchanged(output, [batch, heads, length, width / heads]);
  const rows = rowsOf({ shape: [batch * length, width], data: merged.data });
  return inner.store(
    asking.shape,
    mapLinear(inner, rows, weights.outputWeight, weights.outputBias).flat(),
  );
}
