import { judgeByParts } from '../../conformance/judging/parts.ts';
import { references } from '../../reference/index.ts';
import { roundTo } from '../../spec/format.ts';
import { randomStream } from '../../spec/generate.ts';
import { spec, type Input } from '../../spec/index.ts';
import { sizeOf, type FloatTensor } from '../../spec/tensor.ts';
import type { Measure } from './measure.ts';

type Attention = Input<'scaledDotProductAttention'>;

const shape = [8, 32, 4096, 128];
/** So many steps are enough for 2,000 queries, spread over all heads. */
const steps = 2000 * 3_320 + 256 * 16_384;
const fewest = 2000;

/** Numbers of bfloat16: the low half of each float32 cut off. */
function floats(seed: number): FloatTensor {
  const next = randomStream(seed);
  const data = Float32Array.from({ length: sizeOf(shape) }, () => 4 * next() - 2);
  const bits = new Uint32Array(data.buffer);
  for (let i = 0; i < bits.length; i += 1) bits[i] = (bits[i] ?? 0) & 0xffff0000;
  return { dtype: 'bfloat16', shape, data };
}

/** The attention of some queries of one head in plain doubles: what it may see is in the mask. */
function attend({ query, key, value, mask }: Attention): Float64Array {
  const [width, length] = [query.shape.at(-1) ?? 0, key.shape.at(-2) ?? 0];
  const out = new Float64Array(query.data.length);
  const weights = new Float64Array(length);
  for (let row = 0; row < query.data.length / width; row += 1) {
    let [greatest, total] = [-Infinity, 0];
    for (let j = 0; j < length; j += 1) {
      let score = 0;
      for (let t = 0; t < width; t += 1)
        score += (query.data[row * width + t] ?? 0) * (key.data[j * width + t] ?? 0);
      weights[j] = mask?.data[row * length + j] === 0 ? -Infinity : score / Math.sqrt(width);
      greatest = Math.max(greatest, weights[j] ?? 0);
    }
    for (let j = 0; j < length; j += 1) {
      const weight = Math.exp((weights[j] ?? 0) - greatest);
      total += weight;
      for (let t = 0; t < width; t += 1)
        out[row * width + t] =
          (out[row * width + t] ?? 0) + weight * (value.data[j * width + t] ?? 0);
    }
    for (let t = 0; t < width; t += 1) out[row * width + t] = (out[row * width + t] ?? 0) / total;
  }
  return out;
}

/**
 * An attention of 8 × 32 × 4,096 × 128 in bfloat16, causal, judged in parts. The kernel answers what is about to be looked at, as all of it would take plain loops a quarter of
 * an hour; its time is told apart.
 */
export function partsMeasures(): readonly Measure[] {
  const input = spec.scaledDotProductAttention.input.parse({
    query: floats(1),
    key: floats(2),
    value: floats(3),
    causal: true,
  });
  const data = new Float32Array(sizeOf(shape));
  let [judged, plain] = [0, 0];
  const answered = (whole: Attention) => {
    const parts = spec.scaledDotProductAttention.parts?.(whole);
    if (parts === undefined) throw new TypeError('attention has no parts');
    const part: typeof parts.part = (numbers) => {
      const one = parts.part(numbers);
      const started = performance.now();
      const own = attend(one.input);
      let at = 0;
      for (const { start, step, count } of one.output['output']?.places ?? [])
        for (let i = 0; i < count; i += 1)
          data[start + i * step] = roundTo(own[(at += 1) - 1] ?? NaN, 'bfloat16');
      judged += numbers.length;
      plain += performance.now() - started;
      return one;
    };
    return { ...parts, part };
  };
  const component = { ...spec.scaledDotProductAttention, parts: answered };
  const subject = { component, reference: references.scaledDotProductAttention };
  const answer = { output: { dtype: 'bfloat16', shape, data } };
  const started = performance.now();
  const { verdict } = judgeByParts(subject, input, answer, { storage: 'bfloat16' }, { steps });
  const seconds = (performance.now() - started - plain) / 1000;
  if (verdict.status !== 'pass') throw new Error(JSON.stringify(verdict));
  const value = (seconds * fewest) / judged;
  return [
    {
      what: '2,000 queries of 8×32×4,096×128',
      value,
      unit: 's',
      limit: '≤ 60 s',
      holds: value <= 60 && judged >= fewest,
    },
    {
      what: '  the same / plain doubles',
      value: (seconds * 1000) / plain,
      unit: '×',
      limit: '',
      holds: true,
    },
  ];
}
