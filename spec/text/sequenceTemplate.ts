import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { fields, positiveInteger } from '../schema.ts';
import { sequenceExamples } from './sequenceExamples.ts';
import { largestId, sequenceInputs } from './sequenceInputs.ts';
import { sequenceLaws } from './sequenceLaws.ts';
import { axis } from '../lengths.ts';

/** The longest row: an answer is of this length whatever the lists are, and has to be held. */
const longest = 2 ** 20;

const id = z.int().min(0).max(largestId);
const control = (description: string, value: number) => id.default(value).meta({ description });
const idList = (description: string) => z.array(id).readonly().meta({ description });

/**
 * [CLS] a [SEP], or [CLS] a [SEP] b [SEP], and padding behind it up to `maxLength`. Where this is too long, ids are taken from the end of the longer
 * list one by one, from that of the second where both are as long, until it fits: of an odd room the first list gets one more. Control tokens are
 * never taken. (Hugging Face's Rust tokenizers give the one more to the list that was longer.)
 *
 * `segments`: 0 up to the first [SEP], 1 behind it up to the second, 0 in the padding. `mask`: true for what may be attended to, which is everything
 * but the padding. All three are counted, not looked up: an id in a list that is that of a control token is an id like others, and control tokens may
 * have one id. A second list that is empty, or that truncation left empty, is there, and has its [SEP].
 *
 * @example
 * sequenceTemplate({ first: [7, 8], second: [9], maxLength: 7 }) // → { ids: [101, 7, 8, 102, 9, 102, 0], segments: [0, 0, 0, 0, 1, 1, 0], mask: [true, true, true, true, true, true, false] }
 */
export const sequenceTemplate = component({
  family: 'text',
  summary: 'Puts one or two lists of ids between control tokens, cut and padded to a length.',
  formula: String.raw`\text{ids} = \mathrm{pad}_n(\texttt{[CLS]} \, a_{1..k} \, \texttt{[SEP]} \, b_{1..l} \, \texttt{[SEP]}), \quad k + l \le n - 3 \text{ by cutting the longer of } a \text{ and } b`,
  source:
    'Devlin et al., BERT, 2019, §3 and figure 2; run_classifier.py: convert_single_example and _truncate_seq_pair',
  domain:
    'Rejected: a `maxLength` below the number of control tokens (2, with a second list 3) or above 1048576, and ids that are no integers from 0 to 2147483647. The defaults are the ids of the vocabulary of bert-base-uncased.',
  input: fields({
    first: idList('the ids of the first text'),
    second: idList('the ids of the second text').optional(),
    maxLength: positiveInteger('how long the row is', longest),
    classify: control('the id of [CLS]', 101),
    separate: control('the id of [SEP]', 102),
    pad: control('the id of the padding, [PAD]', 0),
  }).superRefine(({ second, maxLength }, context) => {
    const least = second === undefined ? 2 : 3;
    if (maxLength < least)
      context.addIssue({
        code: 'custom',
        path: ['maxLength'],
        message: `expected room for ${least} control tokens, got ${maxLength}`,
      });
  }),
  output: fields({
    ids: z.array(z.int()).readonly().meta({ description: 'the row of ids' }),
    segments: z
      .array(z.int())
      .readonly()
      .meta({ description: '0 for the first text, 1 for the second' }),
    mask: z.array(z.boolean()).readonly().meta({ description: 'true: may be attended to' }),
  }),
  arbitrary: (level) => sequenceInputs(level),
  sized: {
    axes: {
      first: axis('ids of the first text', [127, 129, 511, 513, 1025, 65537], [0, 1, 3]),
      second: axis('ids of the second text', [127, 129, 511, 513, 65537], [0, 1, 3]),
      maxLength: axis('how long the row is', [128, 512, 513, 4097, 65537, 1048576], [3, 8]),
    },
    input: ({ first = 0, second = 0, maxLength = 3 }, draw) => ({
      first: Array.from(draw.integers('first', [first], { below: 30_000 }).data),
      second: Array.from(draw.integers('second', [second], { below: 30_000 }).data),
      maxLength,
    }),
    work: ({ first = 0, second = 0, maxLength = 3 }) => 20 * (first + second + maxLength),
  },
  invalid: {
    'maxLength has no room for the control tokens': fc.constantFrom(
      { first: [7], maxLength: 1 },
      { first: [], maxLength: 1 },
      { first: [7], second: [8], maxLength: 2 },
      { first: [7], second: [], maxLength: 2 },
    ),
    'maxLength is no positive integer': fc
      .constantFrom(0, -5, 7.5)
      .map((maxLength) => ({ first: [7], maxLength })),
    'an id is negative': fc.constantFrom(
      { first: [7, -1], maxLength: 8 },
      { first: [7], second: [-1], maxLength: 8 },
      { first: [7], maxLength: 8, pad: -1 },
    ),
  },
  boundSource: 'exact: nothing is rounded',
  laws: sequenceLaws,
  examples: sequenceExamples,
});
