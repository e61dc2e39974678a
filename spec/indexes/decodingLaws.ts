import type { Law, Observed } from '../component.ts';
import { differ, inapplicable, lastBlock, mapped, metamorphic } from '../laws.ts';
import { tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { isTame, spansOf } from './scalarRanges.ts';

export interface Decoding {
  readonly codes: IntegerTensor;
  readonly minimum: FloatTensor;
  readonly maximum: FloatTensor;
}
type DecodingLaw = Law<Decoding, Decoding, { readonly vectors: FloatTensor }>;

const allTame = (input: Decoding): boolean => spansOf(input).every(isTame);
const negated = (source: FloatTensor): FloatTensor => mapped(source, (x) => -x);

/** The law that the number at a code, and what it may be off, keep to the range of their dimension. */
const everyNumber =
  (
    rule: (
      number: number,
      its: { readonly code: number; readonly low: number; readonly high: number },
    ) => readonly [least: number, most: number],
  ): DecodingLaw =>
  async (input, run) => {
    const ranges = spansOf(input);
    if (input.codes.data.length === 0 || !allTame(input)) return inapplicable;
    const { output, slack }: Observed<{ readonly vectors: FloatTensor }> = await run(input);
    const bounds = Array.from(output.vectors.data, (number, i) => {
      const { minimum: low = NaN, maximum: high = NaN } = ranges[i % ranges.length] ?? {};
      const [least, most] = rule(number, { code: input.codes.data[i] ?? NaN, low, high });
      return Math.min(Math.max(number, least), most);
    });
    return differ(output.vectors.data, bounds, (i) => slack['vectors']?.[i] ?? 0);
  };

export const decodingLaws: Readonly<Record<string, DecodingLaw>> = {
  'gives the minimum for code 0 and the maximum for code 255': async (input, run) => {
    const ranges = spansOf(input);
    if (ranges.length === 0 || !allTame(input)) return inapplicable;
    const ends = ranges.flatMap(() => [0]).concat(ranges.map(() => 255));
    const { output, slack } = await run({
      ...input,
      codes: tensor('uint8', [2, ranges.length], ends),
    });
    const expected = [
      ...ranges.map(({ minimum }) => minimum),
      ...ranges.map(({ maximum }) => maximum),
    ];
    return differ(output.vectors.data, expected, (i) => slack['vectors']?.[i] ?? 0);
  },
  'stays between minimum and maximum': everyNumber((_number, { low, high }) => [low, high]),
  'is within half a step of all that has its code': everyNumber((_number, { code, low, high }) => {
    const step = (high - low) / 255;
    return [low + (code - 0.5) * step, low + (code + 0.5) * step];
  }),
  'turns round with the range': metamorphic((input) =>
    allTame(input)
      ? {
          input: {
            codes: mapped(input.codes, (code) => 255 - code),
            minimum: negated(input.maximum),
            maximum: negated(input.minimum),
          },
          output: (vectors) => mapped(vectors, (x) => -x),
        }
      : undefined,
  ),
  'doubles with the range': metamorphic((input) =>
    allTame(input)
      ? {
          input: {
            codes: input.codes,
            minimum: mapped(input.minimum, (x) => 2 * x),
            maximum: mapped(input.maximum, (x) => 2 * x),
          },
          output: (vectors) => mapped(vectors, (x) => 2 * x),
        }
      : undefined,
  ),
  'decodes each row by itself': metamorphic((input) => {
    const [count = 0, width = 0] = input.codes.shape;
    if (count < 2) return undefined;
    const last = { ...lastBlock(input.codes), shape: [1, width] };
    return {
      input: { ...input, codes: last },
      output: (vectors) => ({ ...lastBlock(vectors), shape: [1, width] }),
    };
  }),
};
