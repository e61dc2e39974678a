import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { byteCharacters, symbolsOf, wellFormed } from '../../../spec/text/byteAlphabet.ts';
import { pairKey, type mergePair } from '../../../spec/text/merging.ts';
import { withInput, type Mutants } from '../mutant.ts';
import { encoder, type Symbols } from './mergingSteps.ts';

/** An encoder that splits texts of bytes by another rule. */
const splitBy = (rule: RegExp, prepare: (text: string) => string = wellFormed) =>
  encoder({
    parts: ({ text, alphabet }) =>
      alphabet === 'characters'
        ? symbolsOf(text, alphabet)
        : (prepare(text).match(rule) ?? []).map(bytesOf),
  });

const bytesOf = (part: string): Symbols =>
  Array.from(new TextEncoder().encode(part), (byte) => byteCharacters[byte] ?? '');

/** Bytes of each code unit by itself, as CESU-8 has them. */
const bytesOfUnits = (part: string): Symbols =>
  part
    .split('')
    .map((unit) => unit.charCodeAt(0))
    .flatMap((unit) =>
      unit < 0x80
        ? [unit]
        : unit < 0x800
          ? [0xc0 | (unit >> 6), 0x80 | (unit & 63)]
          : [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63)],
    )
    .map((byte) => byteCharacters[byte] ?? '');

const mergeFromRight: typeof mergePair = (symbols, left, right) => {
  const merged: string[] = [];
  for (let i = symbols.length - 1; i >= 0; i -= 1) {
    if (symbols[i] === right && symbols[i - 1] === left) {
      merged.push(left + right);
      i -= 1;
    } else merged.push(symbols[i] ?? '');
  }
  return merged.toReversed();
};

/** The longest token of the vocabulary, again and again. */
const greedy: Kernel<'bytePairEncode'> = (input) => {
  const ids = new Map(input.vocabulary.map((token, id) => [token, id]));
  const tokens = symbolsOf(input.text, input.alphabet).flatMap((part) => {
    const found: string[] = [];
    for (let start = 0; start < part.length;) {
      let end = Math.min(part.length, start + 40);
      while (end > start + 1 && !ids.has(part.slice(start, end).join(''))) end -= 1;
      found.push(part.slice(start, end).join(''));
      start = end;
    }
    return found;
  });
  return { tokens, ids: tokens.map((token) => ids.get(token) ?? 0) };
};

const javaScriptSpaces =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
const allSpacesTogether =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+/gu;
const ruleOfAnotherModel =
  /'(?:[sdmtSDMT]|ll|LL|ve|VE|re|RE)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

export const bytePairEncode: Mutants<'bytePairEncode'> = {
  honest: encoder(),
  options: { alphabet: ['characters', 'bytes'] },
  mutants: [
    {
      id: 'no-splitting',
      defect: 'tokenizer-bpe-04',
      wrong:
        'merges across words and punctuation, and takes a whole word that is in the vocabulary',
      run: encoder({
        parts: ({ text, alphabet }) => [symbolsOf(text, alphabet).flat()],
        whole: (part, { vocabulary }) => vocabulary.includes(part.join('')),
      }),
    },
    {
      id: 'whole-word-from-vocabulary',
      defect: 'tokenizer-bpe-04',
      wrong: 'takes a part that is in the vocabulary as it is',
      run: encoder({ whole: (part, { vocabulary }) => vocabulary.includes(part.join('')) }),
    },
    {
      id: 'last-rank-wins',
      defect: 'tokenizer-bpe-03',
      wrong: 'gives a pair that is listed twice the rank of its last place',
      run: encoder({
        ranks: ({ merges }) => {
          const ranks = new Map(merges.map(([left, right], rank) => [pairKey(left, right), rank]));
          return (left, right) => ranks.get(pairKey(left, right));
        },
      }),
    },
    {
      id: 'rank-of-spelling',
      defect: 'tokenizer-bpe-05',
      wrong: 'merges any pair whose spelling some merge makes',
      run: encoder({
        ranks: ({ merges }) => {
          const ranks = new Map<string, number>();
          for (const [rank, [left, right]] of merges.entries())
            if (!ranks.has(left + right)) ranks.set(left + right, rank);
          return (left, right) => ranks.get(left + right);
        },
      }),
    },
    {
      id: 'rank-of-id',
      defect: 'tokenizer-bpe-05',
      wrong: 'merges any pair whose spelling is in the vocabulary, lowest id first',
      run: encoder({
        ranks: ({ vocabulary }) => {
          const ids = new Map(vocabulary.map((token, id) => [token, id]));
          return (left, right) => ids.get(left + right);
        },
      }),
    },
    {
      id: 'another-models-rule',
      defect: 'tokenizer-bpe-07',
      wrong: 'splits by the rule of a later model: digits by three, contractions in capitals',
      run: splitBy(ruleOfAnotherModel),
    },
    {
      id: 'code-units',
      defect: 'tokenizer-bpe-08',
      wrong: 'takes code units for characters, and their bytes one by one',
      run: encoder({
        parts: ({ text, alphabet }) =>
          alphabet === 'characters'
            ? [text.split('')]
            : symbolsOf(text, alphabet).map((part) =>
                bytesOfUnits(
                  new TextDecoder('utf-8', { ignoreBOM: true }).decode(
                    Uint8Array.from(part, (one) => byteCharacters.indexOf(one)),
                  ),
                ),
              ),
      }),
    },
    {
      id: 'spaces-of-javascript',
      defect: 'classic',
      wrong: 'takes \\s for a space: with U+FEFF, without U+0085',
      run: splitBy(javaScriptSpaces),
    },
    {
      id: 'spaces-together',
      defect: 'classic',
      wrong: 'leaves no space of several to the word behind them',
      run: splitBy(allSpacesTogether),
    },
    {
      id: 'lone-surrogates-dropped',
      defect: 'classic',
      wrong: 'drops a surrogate without its partner',
      run: encoder({
        parts: ({ text, alphabet }) => symbolsOf(text.replaceAll(/\p{Cs}/gu, ''), alphabet),
      }),
    },
    {
      id: 'left-to-right',
      defect: 'classic',
      wrong: 'merges the first pair in the text that merges, whatever its rank',
      run: encoder({ choose: (ranks) => ranks[0] ?? 0 }),
    },
    {
      id: 'highest-rank-first',
      defect: 'classic',
      wrong: 'merges the pair of highest rank',
      run: encoder({ choose: (ranks) => ranks.reduce((x, y) => Math.max(x, y), 0) }),
    },
    {
      id: 'from-the-right',
      defect: 'classic',
      wrong: 'pairs equal symbols from the right',
      run: encoder({ merge: mergeFromRight }),
    },
    {
      id: 'greedy',
      defect: 'classic',
      wrong: 'takes the longest token of the vocabulary, without merges',
      run: greedy,
    },
    {
      id: 'normalised',
      defect: 'classic',
      wrong: 'composes characters and their marks first',
      run: withInput(encoder(), (input) => ({ ...input, text: input.text.normalize('NFC') })),
    },
    {
      id: 'trimmed',
      defect: 'classic',
      wrong: 'drops spaces at the ends',
      run: withInput(encoder(), (input) => ({ ...input, text: input.text.trim() })),
    },
    {
      id: 'ends-at-nul',
      defect: 'classic',
      wrong: 'takes U+0000 for the end of the text',
      run: withInput(encoder(), (input) => ({
        ...input,
        text: input.text.split('\u0000')[0] ?? '',
      })),
    },
    {
      id: 'last-place-counts',
      defect: 'classic',
      wrong:
        'gives a pair that is listed twice the rank of its last place, as a map that is written over does',
      run: withInput(encoder(), (input) => ({
        ...input,
        merges: input.merges.filter(
          (pair, i) =>
            input.merges.findLastIndex((other) => pairKey(...other) === pairKey(...pair)) === i,
        ),
      })),
    },
  ],
};
