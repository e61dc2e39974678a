import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Law, type Level } from '../component.ts';
import { floatTensor } from '../generate.ts';
import { differ, inapplicable } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import { sizeOf, tensor, type FloatTensor } from '../tensor.ts';
import { attentionElements } from './inputs.ts';
import { decoding } from './sizes.ts';
import {
  joined,
  stepErrors,
  type Append,
  type CachedAttentionInput,
  type NewTokens,
} from './steps.ts';

interface Answers {
  readonly answers: readonly { readonly output: FloatTensor }[];
}

const append = (input: NewTokens): Append => ({ action: 'append', input });

/** The whole sequence appended at once. */
const atOnce = ({ open, actions }: CachedAttentionInput): CachedAttentionInput => ({
  open,
  actions: [
    append({
      query: joined(actions.map(({ input }) => input.query)),
      key: joined(actions.map(({ input }) => input.key)),
      value: joined(actions.map(({ input }) => input.value)),
    }),
  ],
});

const outputsOf = ({ answers }: Answers): FloatTensor =>
  joined(answers.map(({ output }) => output));

const slackOf = (
  { answers }: Answers,
  slack: Readonly<Record<string, readonly number[]>>,
): FloatTensor =>
  joined(
    answers.map(({ output }, i) =>
      tensor('float64', output.shape, slack[`answers.${i}.output`] ?? []),
    ),
  );

const givesTheWhole: Law<CachedAttentionInput, CachedAttentionInput, Answers> = async (
  input,
  run,
) => {
  if (input.actions.length < 2) return inapplicable;
  const steps = await run(input);
  const whole = await run(atOnce(input));
  const [own, its] = [slackOf(steps.output, steps.slack), slackOf(whole.output, whole.slack)];
  return differ(
    outputsOf(steps.output).data,
    outputsOf(whole.output).data,
    (i) => (own.data[i] ?? 0) + (its.data[i] ?? 0),
  );
};

const forgetsNothing: Law<CachedAttentionInput, CachedAttentionInput, Answers> = async (
  input,
  run,
) => {
  const [last, ...others] = input.actions.toReversed();
  if (last === undefined || others.length === 0) return inapplicable;
  const whole = await run(input);
  const shorter = await run({ ...input, actions: others.toReversed() });
  const count = others.length;
  const first = { answers: whole.output.answers.slice(0, count) };
  const [own, its] = [slackOf(first, whole.slack), slackOf(shorter.output, shorter.slack)];
  return differ(
    outputsOf(first).data,
    outputsOf(shorter.output).data,
    (i) => (own.data[i] ?? 0) + (its.data[i] ?? 0),
  );
};

const tokens = (
  [blocks, width, mixed]: readonly [readonly number[], number, number],
  count: number,
  seed: number,
): NewTokens => {
  const made = (shape: readonly number[], step: number, modulus: number, unit: number) =>
    tensor(
      'float32',
      shape,
      Array.from({ length: sizeOf(shape) }, (_, i) => (((i + seed) * step) % modulus) * unit),
    );
  return {
    query: made([...blocks, count, width], 5, 13, 0.25),
    key: made([...blocks, count, width], 7, 17, -0.25),
    value: made([...blocks, count, mixed], 11, 31, 0.5),
  };
};

const script = (
  sizes: readonly [readonly number[], number, number],
  counts: readonly number[],
): CachedAttentionInput => ({
  open: {},
  actions: counts.map((count, i) => append(tokens(sizes, count, 1 + 5 * i))),
});

const stepsOf = (level: Level): Arbitrary<readonly number[]> =>
  level === 'scale'
    ? fc.constantFrom([15, 1, 1], [16, 1], [1, 31, 2], [33])
    : fc.array(fc.integer({ min: level === 'edge' ? 0 : 1, max: 3 }), {
        minLength: 1,
        maxLength: 4,
      });

const scripts = (level: Level): Arbitrary<CachedAttentionInput> =>
  fc
    .tuple(
      stepsOf(level),
      fc.constantFrom<readonly number[]>([], [2], [1, 2]),
      fc.integer({ min: 1, max: level === 'scale' ? 16 : 4 }),
      fc.integer({ min: 1, max: level === 'scale' ? 16 : 3 }),
      attentionElements(level),
      attentionElements(level),
    )
    .chain(([counts, blocks, width, mixed, element, values]) =>
      fc
        .tuple(
          ...counts.map((count) =>
            fc.record({
              query: floatTensor([...blocks, count, width], element),
              key: floatTensor([...blocks, count, width], element),
              value: floatTensor([...blocks, count, mixed], values),
            }),
          ),
        )
        .map((steps) => ({ open: {}, actions: steps.map(append) })),
    );

const one = tokens([[], 2, 2], 2, 1);

/**
 * A session. append({ q, k, v }) keeps the keys and values of new tokens and answers Σ_j softmax_j(q_i·k_j / √D) v_j over all tokens up to i: what causal
 * attention of the whole sequence gives in the same rows. A new token sees itself, all before it, and none after it in the same step.
 *
 * @example
 * cachedAttention({ open: {}, actions: [{ action: 'append', input: { query: [[1]], key: [[0]], value: [[2]] } }, { action: 'append', input: { query: [[1]], key: [[0]], value: [[4]] } }] }) // → { answers: [{ output: [[2]] }, { output: [[3]] }] }
 */
export const cachedAttention = component({
  family: 'attention',
  summary: 'Causal attention token by token, over keys and values that are kept.',
  formula: String.raw`o_i = \sum_{j \le i} \mathrm{softmax}_j\!\left(\frac{q_i \cdot k_j}{\sqrt{D}}\right) v_j`,
  source:
    'Pope et al., Efficiently scaling transformer inference, 2022, §2; Vaswani et al., Attention is all you need, 2017, eq. 1',
  domain:
    'Finite numbers, width ≥ 1. A session: any number of appends of any number of tokens each, none too. Leading axes and widths are those of the first append.',
  session: 'whole',
  input: fields({
    open: z.strictObject({}),
    actions: z
      .array(
        z.strictObject({
          action: z.literal('append'),
          input: z.strictObject({
            query: floats('[..., n, D]', 'what the new tokens look for'),
            key: floats('[..., n, D]', 'what is looked at from now on'),
            value: floats('[..., n, E]', 'what is mixed from now on'),
          }),
        }),
      )
      .readonly(),
  }),
  output: fields({
    answers: z
      .array(z.strictObject({ output: floats('[..., n, E]', 'one mixture a new token') }))
      .readonly(),
  }),
  arbitrary: scripts,
  sized: decoding,
  invalid: {
    'key and value differ in length': fc.constant({
      open: {},
      actions: [append({ ...one, value: tokens([[], 2, 2], 3, 1).value })],
    }),
    'a later step has another width': fc.constant({
      open: {},
      actions: [append(one), append(tokens([[], 3, 2], 2, 2))],
    }),
    'a later step has other leading axes': fc.constant({
      open: {},
      actions: [append(one), append(tokens([[2], 2, 2], 2, 2))],
    }),
  },
  bound: (a, { input, rounding, exact }) => stepErrors(a, rounding, input, exact.answers),
  boundSource:
    'that of scaledDotProductAttention, spec/bounds/attention.ts and spec/bounds/dot.ts, each query over all keys up to its own',
  laws: {
    'gives what the whole sequence gives': givesTheWhole,
    'is unchanged by what comes after': forgetsNothing,
  },
  examples: [
    {
      id: 'token-by-token',
      why: 'a cache that is not kept, or kept in the wrong order',
      flags: ['ordinary'],
      input: script([[], 2, 2], [1, 1, 1, 1]),
    },
    {
      id: 'prompt-then-tokens',
      why: 'a prompt whose tokens see the ones after them, or a mask aligned with the first key',
      flags: ['alignment'],
      input: script([[], 2, 3], [3, 1, 2]),
    },
    {
      id: 'two-heads',
      why: 'caches of heads or sequences mixed up when they grow',
      flags: ['layout'],
      input: script([[2], 2, 2], [2, 1, 1]),
    },
    {
      id: 'nothing-new',
      why: 'a step of no tokens',
      flags: ['empty-axis'],
      input: script([[1, 2], 1, 2], [2, 0, 1]),
    },
    {
      id: 'at-once',
      why: 'one step alone, which is causal attention',
      flags: ['ordinary'],
      input: script([[], 4, 2], [4]),
    },
  ],
});
