import * as tf from '@tensorflow/tfjs-core';

type Back = (
  gradient: tf.Tensor,
  saved: { readonly x: tf.Tensor; readonly y: tf.Tensor; readonly out: tf.Tensor },
  attributes: tf.NamedAttrMap,
) => readonly (() => tf.Tensor)[];

/** The gradient of what was repeated to a greater shape: the sum of those of its copies. */
function gathered(gradient: tf.Tensor, { shape }: tf.Tensor): tf.Tensor {
  const lead = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < lead || (shape[axis - lead] === 1 && length !== 1) ? [axis] : [],
  );
  return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes), shape);
}

const listOf = (value: unknown): readonly number[] =>
  Array.isArray(value) ? value.map(Number) : [Number(value)];

/** What was made of whole axes, for each of the numbers that it was made of. */
function spread(whole: tf.Tensor, { shape, rank }: tf.Tensor, axes: unknown): tf.Tensor {
  const joined = new Set(listOf(axes).map((axis) => (axis < 0 ? axis + rank : axis)));
  const kept = shape.map((length, i) => (joined.has(i) ? 1 : length));
  return tf.broadcastTo(tf.reshape(whole, kept), [...shape]);
}

/** The other matrix of a product, turned as its gradient needs it. */
function productBack(
  gradient: tf.Tensor,
  { x, y }: { readonly x: tf.Tensor; readonly y: tf.Tensor },
  { transposeA, transposeB }: tf.NamedAttrMap,
): readonly (() => tf.Tensor)[] {
  const [left, right] = [transposeA === true, transposeB === true];
  return [
    () => (left ? tf.matMul(y, gradient, right, true) : tf.matMul(gradient, y, false, !right)),
    () => (right ? tf.matMul(gradient, x, true, left) : tf.matMul(x, gradient, !left, false)),
  ];
}

/** Of a number that a condition is made of: none. */
const nothing: Back = (_gradient, { x, y }) => [() => tf.zerosLike(x), () => tf.zerosLike(y)];

interface Rule {
  /** What tfjs calls the operands, in order. */
  readonly operands: readonly string[];
  readonly back: Back;
}

const binary = (back: Back): Rule => ({ operands: ['a', 'b'], back });
const unary = (back: Back): Rule => ({ operands: ['x'], back });

/** The kernels that a decoder and its loss are made of. Those whose gradient is made otherwise are in `gradients.ts`. */
const rules: Readonly<Record<string, Rule>> = {
  Add: binary((g, { x, y }) => [() => gathered(g, x), () => gathered(g, y)]),
  Sub: binary((g, { x, y }) => [() => gathered(g, x), () => gathered(tf.neg(g), y)]),
  Multiply: binary((g, { x, y }) => [
    () => gathered(tf.mul(g, y), x),
    () => gathered(tf.mul(g, x), y),
  ]),
  RealDiv: binary((g, { x, y }) => [
    () => gathered(tf.div(g, y), x),
    () => gathered(tf.neg(tf.mul(g, tf.div(tf.div(x, y), y))), y),
  ]),
  BatchMatMul: binary(productBack),
  Equal: binary(nothing),
  Less: binary(nothing),
  Greater: binary(nothing),
  Neg: unary((g) => [() => tf.neg(g)]),
  Exp: unary((g, { out }) => [() => tf.mul(g, out)]),
  Log: unary((g, { x }) => [() => tf.div(g, x)]),
  Sqrt: unary((g, { out }) => [() => tf.div(g, tf.mul(out, 2))]),
  Identity: unary((g) => [() => tf.clone(g)]),
  Reshape: unary((g, { x }) => [() => tf.reshape(g, x.shape)]),
  Transpose: unary((g, _saved, { perm }) => [
    () =>
      tf.transpose(
        g,
        listOf(perm).map((_, axis) => listOf(perm).indexOf(axis)),
      ),
  ]),
  Sum: unary((g, { x }, { axis }) => [() => spread(g, x, axis)]),
  Max: unary((g, { x, out }, { reductionIndices }) => [
    () =>
      tf.where(tf.equal(x, spread(out, x, reductionIndices)), spread(g, x, reductionIndices), 0),
  ]),
  Slice: unary((g, { x }, { begin }) => [
    () =>
      tf.pad(
        g,
        x.shape.map((length, i): [number, number] => {
          const start = listOf(begin)[i] ?? 0;
          return [start, length - start - (g.shape[i] ?? 0)];
        }),
      ),
  ]),
  Tile: unary((g, { x }, { reps }) => [
    () => {
      const folded = tf.reshape(
        g,
        x.shape.flatMap((length, i) => [listOf(reps)[i] ?? 1, length]),
      );
      return tf.sum(
        folded,
        x.shape.map((_, i) => 2 * i),
      );
    },
  ]),
  Select: {
    operands: ['condition', 't', 'e'],
    back: (g, { x }) => [
      () => tf.zerosLike(tf.cast(x, 'float32')),
      () => tf.where(x, g, 0),
      () => tf.where(x, 0, g),
    ],
  },
};

/** The core of tfjs has no gradients in Node unless they are registered, and those that it brings cannot be loaded there. */
export function registerGradients(): void {
  for (const [kernelName, { operands, back }] of Object.entries(rules))
    tf.registerGradient({
      kernelName,
      inputsToSave: [...operands],
      outputsToSave: [true],
      gradFunc: (gradient, saved, attributes) => {
        const [only = tf.scalar(NaN)] = Array.isArray(gradient) ? gradient : [gradient];
        const [x = only] = saved;
        const y = saved[1] ?? x;
        const parts = back(only, { x, y, out: saved.at(-1) ?? x }, attributes);
        return Object.fromEntries(
          operands.map((operand, i) => [operand, parts[i] ?? (() => tf.zerosLike(only))]),
        );
      },
    });
}
