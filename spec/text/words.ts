/** What is a word of its own: the signs of ASCII, and what Unicode calls punctuation. */
const punctuation = /[!-/:-@[-`{-~\p{P}]/u;
const parts = new RegExp(
  String.raw`${punctuation.source}|[^\p{White_Space}${punctuation.source.slice(1, -1)}]+`,
  'gu',
);

/** BERT's rule: spaces separate words, and every sign of punctuation is one. Nothing else is changed. */
export const wordsOf = (text: string): readonly string[] => text.match(parts) ?? [];
