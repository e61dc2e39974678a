import { inProcess, type Kernel } from '../../conformance/interface/implementation.ts';
import { tensor } from '../../spec/tensor.ts';

/** A softmax to be timed, slower by the part of its own time that SLOWER says. */
const slower = Number(process.env['SLOWER'] ?? 0);

const softmax: Kernel<'softmax'> = ({ logits }) => {
  const width = logits.shape.at(-1) ?? 1;
  const out = new Float32Array(logits.data.length);
  for (let start = 0; start < out.length; start += width) {
    let greatest = -Infinity;
    for (let i = start; i < start + width; i += 1)
      greatest = Math.max(greatest, logits.data[i] ?? 0);
    let total = 0;
    for (let i = start; i < start + width; i += 1) {
      const weight = greatest === -Infinity ? NaN : Math.exp((logits.data[i] ?? 0) - greatest);
      out[i] = weight;
      total += weight;
    }
    for (let i = start; i < start + width; i += 1) out[i] = (out[i] ?? 0) / total;
  }
  return { probabilities: tensor('float32', logits.shape, out) };
};

/** The same, and then it waits for a part of the time that this took. */
const slowed: Kernel<'softmax'> = (input) => {
  const started = performance.now();
  const output = softmax(input);
  const until = performance.now() + slower * (performance.now() - started);
  while (performance.now() < until);
  return output;
};

export default inProcess({
  name: 'timed',
  version: '1',
  entries: {
    softmax: { run: slower > 0 ? slowed : softmax, numerics: { accumulate: 'float64' } },
  },
});
