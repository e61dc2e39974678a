import { encoderOf } from '../../conformance/implementations/tfjs/text/bytePairEncode.ts';
import { toByteCharacters, wellFormed } from '../../spec/text/byteAlphabet.ts';
import type { Ranks } from './ranks.ts';

export type Encode = (text: string) => readonly number[];

/** With GPT-2's splitting rule. */
export const inBytes = ({ tokens, merges }: Ranks): Encode => encoderOf(tokens, merges, 'bytes');

/** cl100k's splitting rule, where \s is what has Unicode's property White_Space. */
const rule =
  /'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** With that of cl100k: each part's bytes are merged as one text of characters, which is not split. */
export function inParts({ tokens, merges }: Ranks): Encode {
  const encode = encoderOf(tokens, merges, 'characters');
  return (text) =>
    (wellFormed(text).match(rule) ?? []).flatMap((part) => encode(toByteCharacters(part)));
}

/** Texts that two encoders have other ids for. */
export const differing = (
  texts: readonly string[],
  one: Encode,
  other: (text: string) => ArrayLike<number>,
): readonly string[] =>
  texts.filter((text) => {
    const [expected, actual] = [one(text), other(text)];
    return expected.length !== actual.length || expected.some((id, i) => id !== actual[i]);
  });
