import fc, { type Arbitrary } from 'fast-check';
import type { Example } from '../component.ts';
import { tensor, type BooleanTensor, type FloatTensor } from '../tensor.ts';

const floats = (shape: readonly number[], values: readonly number[]): FloatTensor =>
  tensor('float32', shape, values);
const mask = (shape: readonly number[], values: readonly number[]): BooleanTensor =>
  tensor('bool', shape, values);

interface Scene {
  readonly query: FloatTensor;
  readonly key: FloatTensor;
  readonly mask?: BooleanTensor;
  readonly causal?: boolean;
  readonly scale?: number;
}

const query3x2 = floats([3, 2], [1, 0.5, -0.25, 2, 0.75, -1]);
const key3x2 = floats([3, 2], [0.5, 1, -1, 0.25, 2, -0.5]);
const key4x2 = floats([4, 2], [0.5, 1, -1, 0.25, 2, -0.5, 0, 1.5]);

const scenes: readonly (Omit<Example<unknown>, 'input'> & { readonly input: Scene })[] = [
  {
    id: 'ordinary',
    why: 'the scale forgotten, inverted, or of another width',
    flags: ['attention-sdpa-09', 'attention-sdpa-06', 'attention-sdpa-07'],
    input: { query: query3x2, key: key4x2 },
  },
  {
    id: 'wide',
    why: 'the root of the wrong length where width and length agree elsewhere',
    flags: ['attention-sdpa-06'],
    input: {
      query: floats([1, 4], [1, 2, -1, 0.5]),
      key: floats([2, 4], [0.5, 0.25, 1, -1, 1, 1, -0.5, 2]),
    },
  },
  {
    id: 'masked',
    why: 'a mask of a small number instead of -Infinity',
    flags: ['attention-sdpa-04'],
    input: {
      query: floats([2, 2], [-3, -2, -1, -4]),
      key: key3x2,
      mask: mask([2, 3], [1, 0, 1, 0, 1, 1]),
    },
  },
  {
    id: 'square-mask',
    why: 'the mask applied to the queries instead of the keys',
    flags: ['attention-sdpa-05'],
    input: { query: query3x2, key: key3x2, mask: mask([1, 3], [1, 1, 0]) },
  },
  {
    id: 'first-tile-masked',
    why: 'a running maximum that is stuck at 0 after a tile of masked keys',
    flags: ['attention-sdpa-11', 'attention-sdpa-12'],
    input: {
      query: floats([1, 2], [10, 10]),
      key: floats([4, 2], [1, 1, 1, 1, -20, -21, -20.5, -20]),
      mask: mask([1, 4], [0, 0, 1, 1]),
    },
  },
  {
    id: 'last-tile-masked',
    why: 'the same, for tiles taken from the right',
    flags: ['attention-sdpa-11', 'attention-sdpa-12'],
    input: {
      query: floats([1, 2], [10, 10]),
      key: floats([5, 2], [-20, -21, -20.5, -20, -22, -19, 1, 1, 1, 1]),
      mask: mask([1, 5], [1, 1, 1, 0, 0]),
    },
  },
  {
    id: 'causal',
    why: 'the future seen',
    flags: ['causal'],
    input: { query: query3x2, key: key3x2, causal: true },
  },
  {
    id: 'causal-cached',
    why: 'the diagonal at the wrong corner when keys are cached',
    flags: ['alignment'],
    input: { query: floats([2, 2], [1, 0.5, -0.25, 2]), key: key4x2, causal: true },
  },
  {
    id: 'scaled',
    why: 'the given scale ignored',
    flags: ['scale'],
    input: { query: query3x2, key: key4x2, scale: 2 },
  },
  {
    id: 'peaked',
    why: 'exponentials of scores that were not shifted',
    flags: ['overflow'],
    input: { query: floats([1, 2], [40, 30]), key: floats([3, 2], [3, 2, 2.5, 2, -3, 1]) },
  },
  {
    id: 'scores-beyond-float16',
    why: 'scores over 65,504, the largest float16, before and after they are scaled',
    flags: ['overflow', 'ends'],
    input: {
      query: floats([2, 4], [512, 0.5, 1, -1, -512, 1, 0.5, 0]),
      key: floats([3, 4], [300, 1, 0, 1, 300, -2, 1, 0, 300, 0, -1, 2]),
    },
  },
  {
    id: 'blocks',
    why: 'keys of one block attended to from another',
    flags: ['axis'],
    input: {
      query: floats([2, 1, 2], [1, 0.5, -0.25, 2]),
      key: floats([2, 2, 2], [0.5, 1, -1, 0.25, 2, -0.5, 0, 1.5]),
    },
  },
];

/** Golden inputs of attention, each with what else a component takes, made from the leading axes and the number of keys. */
export const attentionExamples = <E>(
  rest: (shape: readonly [readonly number[], number]) => E,
): readonly Example<Scene & E>[] =>
  scenes.map((scene) => ({
    ...scene,
    input: {
      ...scene.input,
      ...rest([scene.input.key.shape.slice(0, -2), scene.input.key.shape.at(-2) ?? 1]),
    },
  }));

/** Inputs that every attention rejects. */
export const invalidAttention = (
  rest: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Arbitrary<unknown>>> => ({
  'query and key differ in width': fc.constant({
    query: floats([2, 2], [1, 2, 3, 4]),
    key: floats([3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ...rest,
  }),
  'the mask fits neither length': fc.constant({
    query: floats([2, 2], [1, 2, 3, 4]),
    key: floats([3, 2], [1, 2, 3, 4, 5, 6]),
    mask: mask([5, 7], new Array<number>(35).fill(1)),
    ...rest,
  }),
  'the scale is NaN': fc.constant({
    query: floats([2, 2], [1, 2, 3, 4]),
    key: floats([3, 2], [1, 2, 3, 4, 5, 6]),
    scale: NaN,
    ...rest,
  }),
});
