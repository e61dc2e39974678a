import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { roundTo } from '../../../spec/format.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { segmenter, unigramEncode as honest } from '../../honest/text/unigramEncode.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Vocabulary = Input<'unigramEncode'>['vocabulary'];

const unit = unitOf(float32);
const sound = honest(unit);

/** From the start, the first token in an order that fits; where none does, the search is right from there on. */
const greedy =
  (order: (x: Vocabulary[number], y: Vocabulary[number]) => number): Kernel<'unigramEncode'> =>
  async ({ text, vocabulary }) => {
    const ordered = vocabulary.map((entry, id) => ({ ...entry, id })).toSorted(order);
    const ids: number[] = [];
    let rest = text.replaceAll(' ', '\u2581');
    while (rest !== '') {
      const found = ordered.find(({ token }) => rest.startsWith(token));
      if (found === undefined) break;
      ids.push(found.id);
      rest = rest.slice(found.token.length);
    }
    const last = await sound({ text: rest, vocabulary });
    const all = [...ids, ...last.ids];
    return { tokens: all.map((id) => vocabulary[id]?.token ?? ''), ids: all };
  };

const withScores = (change: (score: number) => number): Kernel<'unigramEncode'> =>
  withInput(sound, ({ text, vocabulary }) => ({
    text,
    vocabulary: vocabulary.map(({ token, logProbability }) => ({
      token,
      logProbability: change(logProbability),
    })),
  }));

export const unigramEncode: Mutants<'unigramEncode'> = {
  honest: sound,
  mutants: [
    {
      id: 'longest-first',
      defect: 'classic',
      wrong: 'takes the longest token at each place',
      run: greedy((x, y) => y.token.length - x.token.length),
    },
    {
      id: 'most-probable-first',
      defect: 'classic',
      wrong: 'takes the most probable token at each place',
      run: greedy((x, y) => y.logProbability - x.logProbability),
    },
    {
      id: 'fewest-tokens',
      defect: 'classic',
      wrong: 'takes as few tokens as it can',
      run: withScores(() => -1),
    },
    {
      id: 'least-probable',
      defect: 'classic',
      wrong: 'takes the smallest sum',
      run: segmenter(unit, { isBetter: (x, y) => x < y }),
    },
    {
      id: 'product-of-probabilities',
      defect: 'classic',
      wrong: 'multiplies probabilities, whose product soon is 0',
      run: segmenter(
        unit,
        { score: (score) => Math.exp(score), add: (product, p) => unit.round(product * p) },
        1,
      ),
    },
    {
      id: 'few-digits',
      defect: 'classic',
      wrong: 'keeps sums in bfloat16',
      run: segmenter(unit, { add: (sum, score) => roundTo(sum + score, 'bfloat16') }),
    },
    {
      id: 'saturated',
      defect: 'classic',
      wrong: 'keeps sums in a format that ends at −65,504, where all paths are alike',
      run: segmenter(unit, { add: (sum, score) => Math.max(-65504, unit.round(sum + score)) }),
    },
    {
      id: 'reward-for-length',
      defect: 'classic',
      wrong: 'prefers longer tokens beyond their probability',
      run: segmenter(unit, { score: (score, token) => score + 0.5 * [...token].length ** 1.5 }),
    },
    {
      id: 'probability-of-best-alone',
      defect: 'classic',
      wrong: 'keeps the least probable token of a row instead of the sum',
      run: segmenter(unit, { add: Math.min }),
    },
    {
      id: 'zero-is-none',
      defect: 'classic',
      wrong: 'takes a logarithm of 0 for one that is missing',
      run: withScores((score) => score || -100),
    },
    {
      id: 'first-way-kept',
      defect: 'classic',
      wrong: 'never replaces the first way that it found to a place',
      run: segmenter(unit, { isBetter: () => false }),
    },
    {
      id: 'last-way-kept',
      defect: 'classic',
      wrong: 'replaces the way to a place by any later one',
      run: segmenter(unit, { isBetter: () => true }),
    },
    {
      id: 'spaces-in-a-row',
      defect: 'classic',
      wrong: 'makes one space of several',
      run: withInput(sound, (input) => ({ ...input, text: input.text.replaceAll(/ +/g, ' ') })),
    },
    {
      id: 'spaces-trimmed',
      defect: 'classic',
      wrong: 'drops spaces at the ends',
      run: withInput(sound, (input) => ({ ...input, text: input.text.trim() })),
    },
    {
      id: 'spaces-shown-as-blanks',
      defect: 'classic',
      wrong: 'writes blanks into the tokens',
      run: withOutput(sound, ({ tokens, ids }) => ({
        tokens: tokens.map((token) => token.replaceAll('\u2581', ' ')),
        ids,
      })),
    },
    {
      id: 'normalised',
      defect: 'classic',
      wrong: 'normalises the text first (NFKC)',
      run: withInput(sound, (input) => ({ ...input, text: input.text.normalize('NFKC') })),
    },
    {
      id: 'ids-of-sorted-tokens',
      defect: 'classic',
      wrong: 'numbers the tokens in their order by probability',
      run: withOutput(sound, ({ tokens }, { vocabulary }) => {
        const order = vocabulary
          .toSorted((x, y) => y.logProbability - x.logProbability)
          .map(({ token }) => token);
        return { tokens, ids: tokens.map((token) => order.indexOf(token)) };
      }),
    },
    {
      id: 'last-token-lost',
      defect: 'classic',
      wrong: 'loses the first token where it walks back from the end',
      run: withOutput(sound, ({ tokens, ids }) => ({
        tokens: tokens.slice(1),
        ids: ids.slice(1),
      })),
    },
  ],
};
