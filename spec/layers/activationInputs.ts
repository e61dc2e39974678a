import fc, { type Arbitrary } from 'fast-check';
import type { Law, Level } from '../component.ts';
import { elements, floatTensor, lengths } from '../generate.ts';
import { differ, inapplicable, mapped } from '../laws.ts';
import { tensor, type FloatTensor } from '../tensor.ts';

/** What an activation is given. */
export interface ActivationInput {
  readonly input: FloatTensor;
}

type Activation = Law<ActivationInput, ActivationInput, { readonly output: FloatTensor }>;

/** A golden vector's input. */
export const stored = (
  values: readonly number[],
  shape: readonly number[] = [values.length],
): ActivationInput => ({ input: tensor('float32', shape, values) });

/** Any number of axes, none included; a long one at scale; empty ones at the edge. */
export const activationShapes = (level: Level): Arbitrary<readonly number[]> =>
  level === 'scale'
    ? lengths('scale').map((length) => [length])
    : fc.array(fc.integer({ min: level === 'edge' ? 0 : 1, max: 4 }), { maxLength: 3 });

/** Inputs of an activation; `edges` are the numbers that try it. */
export const activationInputs = (
  level: Level,
  edges: Arbitrary<number>,
): Arbitrary<ActivationInput> =>
  activationShapes(level)
    .chain((shape) =>
      floatTensor(shape, level === 'edge' ? edges : elements(level), { deviation: 3 }),
    )
    .map((input) => ({ input }));

/** x g(x) with g(x) + g(−x) = 1: x g(x) − (−x) g(−x) = x. */
export const differsByItsArgument: Activation = async (source, run) => {
  const given = Array.from(source.input.data);
  if (given.some((x) => !Number.isFinite(x))) return inapplicable;
  const there = await run(source);
  const back = await run({ input: mapped(source.input, (x) => -x) });
  const left = Array.from(there.output.output.data);
  const right = Array.from(back.output.output.data);
  return differ(
    left.map((y, i) => y - (right[i] ?? NaN)),
    given,
    (i) =>
      (there.slack['output']?.[i] ?? 0) +
      (back.slack['output']?.[i] ?? 0) +
      (Math.abs(left[i] ?? 0) + Math.abs(right[i] ?? 0)) * 2 ** -50,
  );
};
