import { bytePairEncode } from '../../conformance/implementations/tfjs/text/bytePairEncode.ts';
import { unigramEncode } from '../../conformance/implementations/tfjs/text/unigramEncode.ts';
import { wordPieceEncode } from '../../conformance/implementations/tfjs/text/wordPieceEncode.ts';
import { leastOf } from '../../spec/extremes.ts';
import { spec } from '../../spec/index.ts';
import { mergeInput } from '../../spec/text/merging.ts';
import { wordOf } from '../../spec/text/texts.ts';
import { seconds, type Measure } from './measure.ts';

const letters = 'abcdefgh\u00E9\u{1F600}';

/** Merges learned from a short text, for a long one of the same letters without any space. */
const { vocabulary, merges } = mergeInput(1, wordOf(1, 2000, letters), 'bytes', 400);
const words = Array.from({ length: 300 }, (_, i) => wordOf(i, 1 + (i % 6), letters));
const pieces = [...new Set(['[UNK]', ...words, ...words.map((word) => `##${word}`)])];
const scored = [...new Set([...letters, ' ', '\u2581', ...words])].map((token, i) => ({
  token,
  logProbability: -1 - (i % 17),
}));

const encoders: Readonly<Record<string, (text: string) => () => void>> = {
  'bytePairEncode, without a space': (text) => {
    const input = spec.bytePairEncode.input.parse({ text, vocabulary, merges, alphabet: 'bytes' });
    return () => void bytePairEncode.run(input);
  },
  wordPieceEncode: (text) => {
    const spaced = text.replaceAll('h', ' ');
    const input = spec.wordPieceEncode.input.parse({ text: spaced, vocabulary: pieces });
    return () => void wordPieceEncode.run(input);
  },
  'unigramEncode, without a space': (text) => {
    const input = spec.unigramEncode.input.parse({ text, vocabulary: scored });
    return () => void unigramEncode.run(input);
  },
};

/**
 * How much longer ten times the text takes than the text ten times, by ten: both leave as much behind to be collected. They take turns, so that what
 * else the machine does disturbs both.
 */
export const textMeasures = (): readonly Measure[] =>
  Object.entries(encoders).map(([what, encode]) => {
    const short = encode(wordOf(2, 10_000, letters));
    const long = encode(wordOf(2, 100_000, letters));
    const rounds = Array.from({ length: 10 }, () => ({
      tenTimes: seconds(() => Array.from({ length: 10 }, short)),
      whole: seconds(long),
    }));
    const [whole, tenTimes] = [
      leastOf(rounds.map((round) => round.whole)),
      leastOf(rounds.map((round) => round.tenTimes)),
    ];
    const value = (10 * whole) / tenTimes;
    return {
      what: `${what}: 10 × the text`,
      value,
      unit: '×',
      limit: '≤ 15 ×',
      holds: value <= 15,
    };
  });
