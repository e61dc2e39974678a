import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { elements, floatTensor, leading, longLengths } from '../generate.ts';
import { floats } from '../schema.ts';
import { rowsOf, tensor, type FloatTensor } from '../tensor.ts';

/** Logits of the components that choose tokens: every row has a finite logit, none has NaN or +Infinity. */
export const finiteLogits = (description = 'scores, in nats; −Infinity excludes a token') =>
  floats('[..., V]', description).refine(
    ({ shape, data }) =>
      rowsOf({ shape, data }).every(
        (row) => row.some(Number.isFinite) && row.every((x) => x < Infinity),
      ),
    { error: 'expected a finite logit in every row, and neither NaN nor Infinity' },
  );

const tied = fc.constantFrom(0, 0, 0, 1, 1, 2, -1, -Infinity, 10000, 10001, -1000, 0.5);

/** Rows with ties, masked tokens and large offsets beside ordinary ones; at least one logit of each is finite. */
export const logitsOf = (level: Level): Arbitrary<FloatTensor> =>
  fc
    .tuple(leading(level), longLengths(level), fc.nat(3))
    .chain(([rows, width, kind]) => {
      const element =
        level !== 'edge'
          ? elements(level)
          : kind === 0
            ? fc.constant(0)
            : kind === 1
              ? tied
              : fc.oneof(elements('core'), tied);
      return floatTensor([...rows, width], element, { deviation: 3 });
    })
    .map(withFinite);

function withFinite(source: FloatTensor): FloatTensor {
  const rows = rowsOf(source).map((row) =>
    row.some(Number.isFinite) ? row : row.map((x, i) => (i === 0 ? 0 : x)),
  );
  return tensor(source.dtype, source.shape, rows.flat());
}

export const float32Logits = (
  values: readonly number[],
  shape: readonly number[] = [values.length],
): FloatTensor => tensor('float32', shape, values);

/** Logits that no chooser of tokens takes. */
export const invalidLogits: Readonly<Record<string, Arbitrary<FloatTensor>>> = {
  'a logit is NaN': fc.constant(float32Logits([1, NaN, 2])),
  'a logit is Infinity': fc.constant(float32Logits([1, Infinity, 2])),
  'no logit is finite': fc.constant(float32Logits([-Infinity, -Infinity])),
};

/** Invalid logits with the other fields of an input. */
export const withInvalidLogits = (
  rest: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Arbitrary<unknown>>> =>
  Object.fromEntries(
    Object.entries(invalidLogits).map(([title, logits]) => [
      title,
      logits.map((bad) => ({ logits: bad, ...rest })),
    ]),
  );
