/** A text as UTF-8 can carry it: a surrogate without its partner becomes U+FFFD, as in the Encoding Standard. */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\uFFFD');

/** Bytes that stand for themselves: the printable characters of Latin-1, without the space and the soft hyphen. */
const isPrinted = (byte: number): boolean =>
  (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);

/**
 * The character that each of the 256 bytes is written as: a printed one as itself, the others in their order as U+0100, U+0101, …, so that a
 * space is U+0120 and every token is a text that can be seen. GPT-2's bytes_to_unicode.
 */
export const byteCharacters: readonly string[] = (() => {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    if (isPrinted(byte)) return String.fromCharCode(byte);
    others += 1;
    return String.fromCharCode(0xff + others);
  });
})();

const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));

/** Whether a token is written in the 256 characters that stand for bytes. */
export const isByteToken = (token: string): boolean => [...token].every((one) => byteOf.has(one));

/** The bytes of a text in UTF-8, each as its character. */
export const toByteCharacters = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => byteCharacters[byte] ?? '').join('');

/** The text that a row of byte characters stands for. Bytes that are no UTF-8 become U+FFFD, one for each maximal part of a sequence. */
export const fromByteCharacters = (characters: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    Uint8Array.from(characters, (one) => byteOf.get(one) ?? 0),
  );

/**
 * GPT-2's splitting rule: contractions, then letters, numbers, and other signs, each with a space before it where there is one; of several
 * spaces before a word the last goes with the word. A space is what has Unicode's property White_Space: JavaScript's \s has U+FEFF besides
 * and not U+0085.
 */
const splittingRule =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** The parts of a well-formed text that are encoded one by one; nothing is lost between them. */
export const splitText = (text: string): readonly string[] => text.match(splittingRule) ?? [];

export const alphabets = ['characters', 'bytes'] as const;
export type Alphabet = (typeof alphabets)[number];

/** The parts of a text that merges stay within, each as the symbols of the alphabet: characters are not split. */
export const symbolsOf = (text: string, alphabet: Alphabet): readonly (readonly string[])[] =>
  alphabet === 'characters'
    ? [[...text]]
    : splitText(wellFormed(text)).map((part) => [...toByteCharacters(part)]);
