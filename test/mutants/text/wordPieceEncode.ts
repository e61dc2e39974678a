import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { wordsOf } from '../../../spec/text/words.ts';
import { withInput, type Mutants } from '../mutant.ts';

type Asked = Input<'wordPieceEncode'>;

/** What is known while a word is cut: where the piece begins, and the vocabulary. */
interface Place {
  readonly characters: readonly string[];
  readonly start: number;
  readonly known: ReadonlySet<string>;
  readonly prefix: string;
}
interface Piece {
  readonly end: number;
  readonly token: string;
}

/** The steps of an encoder, each of which a mutant replaces. */
interface Steps {
  readonly words: (text: string) => readonly string[];
  readonly tooLong: (word: string, most: number) => boolean;
  /** Every piece that fits, the best first. */
  readonly candidates: (place: Place) => readonly Piece[];
  /** What becomes of a word whose pieces end too early. */
  readonly fail: (found: readonly string[], word: string, unknown: string) => readonly string[];
}

const fitting = ({ characters, start, known, prefix }: Place): readonly Piece[] =>
  characters
    .slice(start)
    .map((_, i) => start + i + 1)
    .toReversed()
    .map((end) => ({
      end,
      token: (start > 0 ? prefix : '') + characters.slice(start, end).join(''),
    }))
    .filter(({ token }) => known.has(token));

const soundSteps: Steps = {
  words: wordsOf,
  tooLong: (word, most) => [...word].length > most,
  candidates: fitting,
  fail: (_found, _word, unknown) => [unknown],
};

function cut(word: string, input: Asked, known: ReadonlySet<string>, steps: Steps) {
  const characters = [...word];
  const tokens: string[] = [];
  for (let start = 0; start < characters.length;) {
    const [piece] = steps.candidates({ characters, start, known, prefix: input.prefix });
    if (piece === undefined) return steps.fail(tokens, word, input.unknown);
    tokens.push(piece.token);
    start = piece.end;
  }
  return tokens;
}

/** An encoder with some of its steps changed. */
const encoder =
  (changed: Partial<Steps> = {}): Kernel<'wordPieceEncode'> =>
  (input) => {
    const steps = { ...soundSteps, ...changed };
    const known = new Set(input.vocabulary);
    const ids = new Map(input.vocabulary.map((token, id) => [token, id]));
    const tokens = steps
      .words(input.text)
      .flatMap((word) =>
        steps.tooLong(word, input.maxWordLength) ? [input.unknown] : cut(word, input, known, steps),
      );
    return { tokens, ids: tokens.map((token) => ids.get(token) ?? 0) };
  };
const honest = encoder();

/** Whether a word can be cut to its end from a place on. */
const reaches = (place: Place): boolean =>
  place.start === place.characters.length ||
  fitting(place).some(({ end }) => reaches({ ...place, start: end }));

const changedText = (change: (text: string) => string): Kernel<'wordPieceEncode'> =>
  withInput(honest, (input) => ({ ...input, text: change(input.text) }));

export const wordPieceEncode: Mutants<'wordPieceEncode'> = {
  honest,
  mutants: [
    {
      id: 'accents-dropped',
      defect: 'tokenizer-wordpiece-03',
      wrong: 'takes characters apart and drops every mark',
      run: changedText((text) => text.normalize('NFD').replaceAll(/\p{M}/gu, '')),
    },
    {
      id: 'unknown-characters-dropped',
      defect: 'tokenizer-wordpiece-03',
      wrong: 'drops every character that is in no token',
      run: withInput(honest, (input) => {
        const known = new Set(input.vocabulary.flatMap((token) => [...token]));
        const kept = [...input.text].filter(
          (one) => known.has(one) || /\p{White_Space}/u.test(one),
        );
        return { ...input, text: kept.join('') };
      }),
    },
    {
      id: 'small-letters',
      defect: 'tokenizer-wordpiece-04',
      wrong: 'puts the text in small letters first',
      run: changedText((text) => text.toLowerCase()),
    },
    {
      id: 'control-tokens-taken',
      defect: 'tokenizer-wordpiece-04',
      wrong: 'takes what the text spells like a control token for one',
      run: encoder({
        words: (text) =>
          text
            .split(/(\[[A-Z]+\])/)
            .flatMap((part) => (/^\[[A-Z]+\]$/.test(part) ? [part] : wordsOf(part))),
      }),
    },
    {
      id: 'no-single-characters',
      defect: 'tokenizer-wordpiece-02',
      wrong: 'never tries pieces of one character within a word',
      run: encoder({
        candidates: (place) =>
          fitting(place).filter(({ end }) => place.start === 0 || end > place.start + 1),
      }),
    },
    {
      id: 'pieces-kept',
      defect: 'classic',
      wrong: 'keeps the pieces before what it does not know',
      run: encoder({ fail: (found, _word, unknown) => [...found, unknown] }),
    },
    {
      id: 'unknown-for-each-character',
      defect: 'classic',
      wrong: 'gives an unknown token for each character of an unknown word',
      run: encoder({ fail: (_found, word, unknown) => [...word].map(() => unknown) }),
    },
    {
      id: 'shortest',
      defect: 'classic',
      wrong: 'takes the shortest piece',
      run: encoder({ candidates: (place) => fitting(place).toReversed() }),
    },
    {
      id: 'goes-back',
      defect: 'classic',
      wrong: 'takes a shorter piece where the longest leads to no end',
      run: encoder({
        candidates: (place) =>
          fitting(place).filter(({ end }) => reaches({ ...place, start: end })),
      }),
    },
    {
      id: 'prefix-optional',
      defect: 'classic',
      wrong: 'takes tokens without the prefix within a word too',
      run: encoder({
        candidates: (place) =>
          [...fitting(place), ...fitting({ ...place, prefix: '' })].toSorted(
            (x, y) => y.end - x.end,
          ),
      }),
    },
    {
      id: 'prefix-at-the-start',
      defect: 'classic',
      wrong: 'takes tokens with the prefix at the start of a word',
      run: encoder({
        candidates: (place) => {
          const { characters, start, known, prefix } = place;
          if (start > 0) return fitting(place);
          return characters
            .map((_, i) => characters.length - i)
            .flatMap((end) => {
              const piece = characters.slice(0, end).join('');
              return [piece, prefix + piece].map((token) => ({ end, token }));
            })
            .filter(({ token }) => known.has(token));
        },
      }),
    },
    {
      id: 'prefix-fixed',
      defect: 'classic',
      wrong: 'always takes ## for the prefix',
      run: withInput(honest, (input) => ({ ...input, prefix: '##' })),
    },
    {
      id: 'empty-prefix-is-none',
      defect: 'classic',
      wrong: 'takes an empty prefix for none given',
      run: withInput(honest, (input) => ({ ...input, prefix: input.prefix || '##' })),
    },
    {
      id: 'limit-in-code-units',
      defect: 'classic',
      wrong: 'counts code units of a word',
      run: encoder({ tooLong: (word, most) => word.length > most }),
    },
    {
      id: 'limit-one-off',
      defect: 'classic',
      wrong: 'refuses a word of just as many characters',
      run: encoder({ tooLong: (word, most) => [...word].length >= most }),
    },
    {
      id: 'no-limit',
      defect: 'classic',
      wrong: 'looks at words of any length',
      run: encoder({ tooLong: () => false }),
    },
    {
      id: 'blanks-alone',
      defect: 'classic',
      wrong: 'takes only the blank for a space',
      run: encoder({
        words: (text) =>
          text
            .split(' ')
            .flatMap((part) => part.match(/[!-/:-@[-`{-~\p{P}]|[^!-/:-@[-`{-~\p{P}]+/gu) ?? []),
      }),
    },
    {
      id: 'punctuation-in-words',
      defect: 'classic',
      wrong: 'leaves punctuation in its word',
      run: encoder({ words: (text) => text.match(/\P{White_Space}+/gu) ?? [] }),
    },
    {
      id: 'punctuation-of-ascii',
      defect: 'classic',
      wrong: 'knows the punctuation of ASCII alone',
      run: encoder({
        words: (text) => text.match(/[!-/:-@[-`{-~]|[^\p{White_Space}!-/:-@[-`{-~]+/gu) ?? [],
      }),
    },
    {
      id: 'symbols-in-words',
      defect: 'classic',
      wrong: 'leaves signs such as $ and + in their word: Unicode calls them symbols',
      run: encoder({ words: (text) => text.match(/\p{P}|[^\p{White_Space}\p{P}]+/gu) ?? [] }),
    },
  ],
};
