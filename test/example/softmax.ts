import { tensor, type Kernel } from 'touchstone';

/** Softmax over the last axis in float32, one row after another. */
export const softmax: Kernel<'softmax'> = ({ logits }) => {
  const width = logits.shape.at(-1) ?? 1;
  const out = Float32Array.from(logits.data);
  for (let start = 0; start < out.length; start += width) {
    const row = out.subarray(start, start + width);
    const greatest = row.reduce((x, y) => Math.max(x, y), -Infinity);
    row.forEach((x, i) => (row[i] = Math.exp(x - greatest)));
    const total = row.reduce((sum, weight) => Math.fround(sum + weight), 0);
    row.forEach((weight, i) => (row[i] = weight / total));
  }
  return { probabilities: tensor('float32', logits.shape, out) };
};
