import { encode as encodeCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { encode as encodeR50k } from 'gpt-tokenizer/encoding/r50k_base';
import { get_encoding } from 'tiktoken';
import { differing, inBytes, inParts, type Encode } from '../tokenizers/ours.ts';
import { ranksOf } from '../tokenizers/ranks.ts';
import { textsOf } from '../tokenizers/texts.ts';
import { seconds, type Measure } from './measure.ts';

const [rounds, textsOfRound] = [100, 1000];

const all = { disallowedSpecial: new Set<string>() };

/** gpt-tokenizer's \s is not that of tiktoken, and it makes no token that begins with U+FEFF. */
const isAlike = (text: string): boolean => !/[\uFEFF\u0085]/.test(text);

/** Somebody's encoder beside ours, and what came of it. */
interface Contest {
  readonly what: string;
  readonly ours: Encode;
  readonly theirs: (text: string) => ArrayLike<number>;
  readonly takes: (text: string) => boolean;
  texts: number;
  differ: number;
  ourSeconds: number;
  theirSeconds: number;
}

const contest = (
  what: string,
  ours: Encode,
  theirs: Contest['theirs'],
  takes: Contest['takes'],
): Contest => ({ what, ours, theirs, takes, texts: 0, differ: 0, ourSeconds: 0, theirSeconds: 0 });

/** All texts are compared. Time is taken of those below a thousand characters, when they have been seen once: words that gpt-tokenizer merged it remembers. */
function hold(one: Contest, texts: readonly string[]): void {
  const taken = texts.filter(one.takes);
  one.texts += taken.length;
  one.differ += differing(taken, one.ours, one.theirs).length;
  const short = taken.filter(({ length }) => length < 1000);
  const each = (encode: Contest['theirs']) => () => {
    for (const text of short) encode(text);
  };
  one.ourSeconds += seconds(each(one.ours));
  one.theirSeconds += seconds(each(one.theirs));
}

function measuresOf({ what, texts, differ, ourSeconds, theirSeconds }: Contest): Measure[] {
  const value = theirSeconds / ourSeconds;
  return [
    {
      what: `${what} of ${texts}: other ids`,
      value: differ,
      unit: '',
      limit: '0',
      holds: differ === 0 && texts > 0,
    },
    { what: `${what}: its time / ours`, value, unit: '×', limit: '≥ 0.1 ×', holds: value >= 0.1 },
  ];
}

/** Our encoder beside those of other packages, on their own ranks, over 100,000 generated texts. */
export function tokenizerMeasures(): readonly Measure[] {
  const [gpt2, cl100k] = [inBytes(ranksOf('gpt2')), inParts(ranksOf('cl100k_base'))];
  const [tiktoken, other] = [get_encoding('gpt2'), get_encoding('cl100k_base')];
  const any = () => true;
  const contests = [
    contest('tiktoken gpt2', gpt2, (text) => tiktoken.encode(text, [], []), any),
    contest('tiktoken cl100k', cl100k, (text) => other.encode(text, [], []), any),
    contest('gpt-tokenizer gpt2', gpt2, (text) => encodeR50k(text, all), isAlike),
    contest('gpt-tokenizer cl100k', cl100k, (text) => encodeCl100k(text, all), isAlike),
  ];
  for (let round = 0; round < rounds; round += 1) {
    const texts = textsOf(textsOfRound, round);
    for (const one of contests) hold(one, texts);
    if (round % 10 === 9) process.stderr.write(`tokenizers: ${(round + 1) * textsOfRound} texts\n`);
  }
  tiktoken.free();
  other.free();
  return contests.flatMap(measuresOf);
}
