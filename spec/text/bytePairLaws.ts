import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import {
  fromByteCharacters,
  splitText,
  symbolsOf,
  wellFormed,
  type Alphabet,
} from './byteAlphabet.ts';
import type { MergeInput } from './merging.ts';
import { firstDifference, namingProblem, type Encoding } from './tokenFields.ts';

type Asked = MergeInput & { readonly alphabet?: Alphabet | undefined };
type EncodeLaw = Law<MergeInput & { readonly alphabet: Alphabet }, Asked, Encoding>;

const difference = (expected: Encoding, actual: Encoding): string | undefined =>
  firstDifference(expected.tokens, actual.tokens) ?? firstDifference(expected.ids, actual.ids);

const decodes: EncodeLaw = async (input, run) => {
  const { tokens } = (await run(input)).output;
  const joined = tokens.join('');
  const text = input.alphabet === 'bytes' ? fromByteCharacters(joined) : joined;
  return firstDifference([...wellFormed(input.text)], [...text]);
};

/** The last place in the first half where the parts before are also those of their own text: spaces at its end may go together there. */
function cutOf(parts: readonly string[]): number {
  for (let cut = Math.ceil(parts.length / 2); cut > 0; cut -= 1)
    if (splitText(parts.slice(0, cut).join('')).length === cut) return cut;
  return 0;
}

/** What is behind a cut is always split as it is in the whole. */
const inParts: EncodeLaw = async (input, run) => {
  const parts = splitText(wellFormed(input.text));
  const cut = cutOf(parts);
  if (input.alphabet !== 'bytes' || cut === 0 || cut === parts.length) return inapplicable;
  const [before, behind] = [parts.slice(0, cut), parts.slice(cut)].map((list) => list.join(''));
  const whole = (await run(input)).output;
  const first = (await run({ ...input, text: before ?? '' })).output;
  const second = (await run({ ...input, text: behind ?? '' })).output;
  return difference(whole, {
    tokens: [...first.tokens, ...second.tokens],
    ids: [...first.ids, ...second.ids],
  });
};

/** The text itself, and each of its parts, become tokens that no merge makes. */
const ignoresOthers: EncodeLaw = async (input, run) => {
  const parts = symbolsOf(input.text, input.alphabet).map((part) => part.join(''));
  const known = new Set(input.vocabulary);
  const added = [...new Set([...parts, parts.join('')])].filter(
    (token) => token !== '' && !known.has(token),
  );
  if (added.length === 0) return inapplicable;
  const before = (await run(input)).output;
  const vocabulary = [...input.vocabulary, ...added];
  return difference(before, (await run({ ...input, vocabulary })).output);
};

const keepsFirst: EncodeLaw = async (input, run) => {
  if (input.merges.length < 2) return inapplicable;
  const before = (await run(input)).output;
  const merges = [...input.merges, ...input.merges.toReversed()];
  return difference(before, (await run({ ...input, merges })).output);
};

const unmerged: EncodeLaw = async (input, run) => {
  const { tokens } = (await run({ ...input, merges: [] })).output;
  return firstDifference(symbolsOf(input.text, input.alphabet).flat(), tokens);
};

export const bytePairLaws: Readonly<Record<string, EncodeLaw>> = {
  'decodes to its text, a lone surrogate to U+FFFD': decodes,
  'gives ids of the vocabulary': async (input, run) =>
    namingProblem((await run(input)).output, input.vocabulary),
  'encodes what the splitting rule separates one by one': inParts,
  'never takes a token that no merge makes, whatever the text says': ignoresOthers,
  'is unchanged by pairs that are listed again': keepsFirst,
  'gives the symbols where there are no merges': unmerged,
};
