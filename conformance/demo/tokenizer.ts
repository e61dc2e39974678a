import { splitText, toByteCharacters } from '../../spec/text/byteAlphabet.ts';
import { claim, type Assay } from './assay.ts';
import { counted } from './counted.ts';
import type { Done } from './stage.ts';

/** The tokens that were learned; their ids are their places. */
export interface Tokenizer {
  readonly vocabulary: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

const merges = 24;

/** The words of texts as their bytes are written, with how often each stands there. */
function wordsOf(texts: readonly string[]): readonly { word: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const word of texts.flatMap(splitText).map(toByteCharacters))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return Array.from(counts, ([word, count]) => ({ word, count }));
}

/** Learns the tokens of texts: the bytes that occur in them, and what pairs of those become. */
export async function learnTokens(
  assay: Assay,
  texts: readonly string[],
): Promise<Done<Tokenizer>> {
  const words = wordsOf(texts);
  const learned = await assay.judged('bytePairTraining', { words, merges });
  const bytes = [...new Set(words.flatMap(({ word }) => [...word]))].toSorted();
  const made = learned.merges.map(([left, right]) => left + right);
  const vocabulary = [...new Set([...bytes, ...made])];
  return {
    did: `${counted(words.length, 'word')}: ${learned.merges.length} merges, ${vocabulary.length} tokens`,
    result: { vocabulary, merges: learned.merges },
  };
}

/** The ids of a text. */
export async function encoded(
  assay: Assay,
  tokenizer: Tokenizer,
  text: string,
): Promise<readonly number[]> {
  const { ids } = await assay.judged('bytePairEncode', { text, ...tokenizer, alphabet: 'bytes' });
  return ids;
}

/** The text of ids. */
export async function decoded(
  assay: Assay,
  { vocabulary }: Tokenizer,
  ids: readonly number[],
): Promise<string> {
  return (await assay.judged('decodeTokens', { ids, vocabulary, kind: 'bytes' })).text;
}

/** Encodes texts, and decodes them again. */
export async function encodeAll(
  assay: Assay,
  tokenizer: Tokenizer,
  texts: readonly string[],
): Promise<Done<readonly (readonly number[])[]>> {
  const all: (readonly number[])[] = [];
  for (const text of texts) {
    const ids = await encoded(assay, tokenizer, text);
    const back = await decoded(assay, tokenizer, ids);
    claim(back === text, `decodes to another text: ${JSON.stringify(back.slice(0, 60))}`);
    all.push(ids);
  }
  const total = all.reduce((sum, ids) => sum + ids.length, 0);
  return {
    did: `${counted(texts.length, 'text')}: ${counted(total, 'token')}, and back`,
    result: all,
  };
}
