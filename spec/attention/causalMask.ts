import fc from 'fast-check';
import { component } from '../component.ts';
import { lengths } from '../generate.ts';
import { booleans, fields, option, real } from '../schema.ts';
import { rowsOf } from '../tensor.ts';
import { masking } from './sizes.ts';

const length = (description: string) =>
  real('an integer ≥ 0', (n) => Number.isSafeInteger(n) && n >= 0 && n <= 2 ** 20, description);

/**
 * causalMask(Lq, Lk)[i, j] = j ≤ i + Lk − Lq: the last query sees every key (bottomRight); or j ≤ i (topLeft).
 * With more queries than keys, bottomRight leaves the first queries without any key.
 *
 * @example
 * causalMask({ queryLength: 1, keyLength: 3 }) // → { mask: [[true, true, true]] }
 */
export const causalMask = component({
  family: 'attention',
  summary: 'Which keys each query may see, so that none sees what comes after it.',
  formula: String.raw`m_{ij} = [\, j \le i + L_k - L_q \,]`,
  source:
    'Vaswani et al., Attention is all you need, 2017, §3.2.3; bottomRight: FlashAttention 2.1, topLeft: PyTorch scaled_dot_product_attention',
  domain:
    'Lengths ≥ 0. Which corner of the score matrix the diagonal starts from is an option (alignment); the two agree where the lengths do.',
  input: fields({
    queryLength: length('Lq, tokens'),
    keyLength: length('Lk, tokens'),
    alignment: option(['bottomRight', 'topLeft'], 'which corners the diagonal joins'),
  }),
  output: fields({ mask: booleans('[Lq, Lk]', 'true: may attend') }),
  arbitrary: (level) => fc.record({ queryLength: lengths(level), keyLength: lengths(level) }),
  sized: masking,
  invalid: {
    'a length is negative': fc.constant({ queryLength: -1, keyLength: 3 }),
    'a length is no integer': fc.constant({ queryLength: 1.5, keyLength: 3 }),
  },
  boundSource: 'none: exact',
  laws: {
    'allows one more key to each next query': async (input, run) => {
      const { output } = await run(input);
      const counts = rowsOf(output.mask).map((row) =>
        row.reduce((sum, allowed) => sum + allowed, 0),
      );
      const wrong = counts.findIndex(
        (count, i) =>
          i > 0 && count !== Math.min(input.keyLength, (counts[i - 1] ?? 0) + 1) && count !== 0,
      );
      return wrong < 0
        ? undefined
        : `query ${wrong} sees ${counts[wrong]} keys, the one before ${counts[wrong - 1]}`;
    },
    'never allows a key after a masked one': async (input, run) => {
      const { output } = await run(input);
      const wrong = rowsOf(output.mask).findIndex((row) =>
        row.some((allowed, j) => j > 0 && allowed > (row[j - 1] ?? 1)),
      );
      return wrong < 0 ? undefined : `query ${wrong}`;
    },
  },
  examples: [
    {
      id: 'square',
      why: 'the transposed mask',
      flags: ['classic'],
      input: { queryLength: 4, keyLength: 4 },
    },
    {
      id: 'cached',
      why: 'the diagonal starts at the wrong corner when keys are cached',
      flags: ['alignment'],
      input: { queryLength: 2, keyLength: 5 },
    },
    {
      id: 'more-queries',
      why: 'the first queries have no key',
      flags: ['attention-causal-02'],
      input: { queryLength: 5, keyLength: 2 },
    },
    {
      id: 'long',
      why: 'a window that hides the first keys',
      flags: ['attention-causal-03'],
      input: { queryLength: 9, keyLength: 9 },
    },
  ],
});
