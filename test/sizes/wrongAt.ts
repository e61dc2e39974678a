import type { Implementation } from '../../conformance/interface/implementation.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { elementsOf, type Tensor } from '../../spec/tensor.ts';

/** A tensor with other elements where `change` gives some. */
export const elementwise = (
  { dtype, shape, data }: Tensor,
  change: (x: number, i: number) => number,
): Tensor => ({ dtype, shape, data: elementsOf(dtype, Array.from(data, change)) });

/** An implementation that is right but for what is done to its answers. */
export const answering = (
  right: Implementation,
  change: (answer: Tensor, field: string) => Tensor,
): Implementation => ({
  ...right,
  run: async (name, input, timeoutSeconds) => {
    const answer = await right.run(name, input, timeoutSeconds);
    return 'output' in answer ? { output: mapLeaves(answer.output, isTensor, change) } : answer;
  },
});

/** An implementation that is right but for what is done to the inputs that it is given. */
export const given = (
  right: Implementation,
  change: (input: Tensor, field: string) => Tensor,
): Implementation => ({
  ...right,
  run: (name, input, timeoutSeconds) =>
    right.run(name, Object(mapLeaves(input, isTensor, change)), timeoutSeconds),
});

const widthOf = ({ shape }: Tensor): number => shape.at(-1) ?? 1;

/** Rows longer than a group of lanes lose what does not fill a whole one. */
export const withoutTail =
  (group: number) =>
  (whole: Tensor): Tensor => {
    const width = widthOf(whole);
    const last = width - (width % group);
    if (whole.shape.length === 0 || width <= group || last === width) return whole;
    return elementwise(whole, (x, i) => (i % width >= last ? 0 : x));
  };

/** Rows beyond the last block of a grid are not written. */
export const beyondGrid =
  (grid: number, axesOfRow: number) =>
  (whole: Tensor): Tensor => {
    const width = whole.shape
      .slice(whole.shape.length - axesOfRow)
      .reduce((product, length) => product * length, 1);
    if (width === 0 || whole.data.length / width <= grid) return whole;
    return elementwise(whole, (x, i) => (Math.floor(i / width) >= grid ? 0 : x));
  };

/** Elements whose place in a row needs more than 16 bits are lost. */
export const beyondSixteenBits = (whole: Tensor): Tensor => {
  const width = widthOf(whole);
  if (width <= 65_536) return whole;
  return elementwise(whole, (x, i) => (i % width >= 65_536 ? 0 : x));
};
