import { encode as encodeCl100k, decode as decodeCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { encode as encodeR50k, decode as decodeR50k } from 'gpt-tokenizer/encoding/r50k_base';
import { get_encoding } from 'tiktoken';
import { afterAll, describe, expect, test } from 'vitest';
import { correctlyRounded } from '../conformance/implementations/reference/index.ts';
import { byteCharacters, fromByteCharacters, wellFormed } from '../spec/text/byteAlphabet.ts';
import { differing, inBytes, inParts } from './tokenizers/ours.ts';
import { mergesOf, ranksOf } from './tokenizers/ranks.ts';
import { textsOf } from './tokenizers/texts.ts';

const texts = textsOf(2000, 20_19);
const all = { disallowedSpecial: new Set<string>() };
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const encodings = [
  { name: 'gpt2', size: 50_256, encoderOf: inBytes, encode: encodeR50k, decode: decodeR50k },
  {
    name: 'cl100k_base',
    size: 100_256,
    encoderOf: inParts,
    encode: encodeCl100k,
    decode: decodeCl100k,
  },
] as const;

describe.each(encodings)('$name', ({ name, size, encoderOf, encode, decode }) => {
  const ranks = ranksOf(name);
  const ours = encoderOf(ranks);
  const tiktoken = get_encoding(name);
  afterAll(() => tiktoken.free());
  const theirs = (text: string) => tiktoken.encode(text, [], []);

  test('has all ranks, and every token of several bytes is one merge of two before it', () => {
    expect(ranks.tokens).toHaveLength(size);
    expect(ranks.merges).toHaveLength(size - 256);
  });

  test('tiktoken has the ids that we have, for 2,000 texts', () => {
    expect(differing(texts, ours, theirs)).toEqual([]);
  });

  test('ids stand for their text, whoever decodes them', () => {
    for (const text of texts) {
      const ids = ours(text);
      const joined = ids.map((id) => ranks.tokens[id] ?? '').join('');
      expect(fromByteCharacters(joined)).toBe(wellFormed(text));
      expect(utf8.decode(tiktoken.decode(Uint32Array.from(ids)))).toBe(wellFormed(text));
    }
  });

  test('gpt-tokenizer has them too, where no U+FEFF or U+0085 is', () => {
    const plain = texts.filter((text) => !/[\uFEFF\u0085]/.test(text));
    expect(plain.length).toBeGreaterThan(1500);
    expect(differing(plain, ours, (text) => encode(text, all))).toEqual([]);
    for (const text of plain) expect(decode(ours(text))).toBe(wellFormed(text));
  });

  const few = texts.slice(0, 300);
  test('two ids that are changed are seen', () => {
    const [first, second] = [...new Set(few.flatMap(ours))].map((id) => ranks.tokens[id]);
    const tokens = ranks.tokens.map((token) =>
      token === first ? (second ?? '') : token === second ? (first ?? '') : token,
    );
    expect(differing(few, encoderOf({ tokens, merges: ranks.merges }), theirs)).not.toEqual([]);
  });

  test('two merges in the other order are seen', () => {
    const merges = ranks.merges.map((pair) => {
      const made = pair.join('');
      return made === 'in' ? (['n', 'g'] as const) : made === 'ng' ? (['i', 'n'] as const) : pair;
    });
    expect(merges.filter((pair, rank) => pair !== ranks.merges[rank])).toHaveLength(2);
    expect(differing(few, encoderOf({ tokens: ranks.tokens, merges }), theirs)).not.toEqual([]);
  });
});

test('a token before those that make it has no merge', () => {
  const tokens = [...byteCharacters, 'the', 'th'];
  expect(() => mergesOf(tokens)).toThrow('rank 256: no two tokens before "the" make it');
  expect(mergesOf([...byteCharacters, 'th', 'the'])).toEqual([
    ['t', 'h'],
    ['th', 'e'],
  ]);
});

test('the reference has the ids of gpt2, for 200 of the texts', () => {
  const { tokens, merges } = ranksOf('gpt2');
  const tiktoken = get_encoding('gpt2');
  for (let start = 0; start < 200; start += 100) {
    const text = texts.slice(start, start + 100).join('\n');
    const input = { text, vocabulary: tokens, merges, alphabet: 'bytes' };
    const ids = Array.from(tiktoken.encode(text, [], []));
    expect(correctlyRounded('bytePairEncode', input, 'float32')).toEqual({
      output: { tokens: ids.map((id) => tokens[id]), ids },
    });
  }
  tiktoken.free();
});
