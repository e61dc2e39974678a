/** A token and how probable it is. */
export interface Scored {
  readonly token: string;
  readonly logProbability: number;
}

/** What stands for a space in vocabularies of SentencePiece. */
export const spaceSign = '\u2581';

/** A text as its segmentation sees it: spaces as U+2581, and nothing else changed. */
export const withSpaceSigns = (text: string): string => text.replaceAll(' ', spaceSign);

/** A token that fits in a text: from one character to before another. */
export interface Fit {
  readonly start: number;
  readonly end: number;
  readonly id: number;
}

/** For each place of a text, a character being a code point, the tokens that end there. */
export function fitsByEnd(
  characters: readonly string[],
  vocabulary: readonly Scored[],
): readonly (readonly Fit[])[] {
  const ids = new Map(vocabulary.map(({ token }, id) => [token, id]));
  const lengths = [...new Set(vocabulary.map(({ token }) => [...token].length))].toSorted(
    (x, y) => x - y,
  );
  return Array.from({ length: characters.length + 1 }, (_, end) =>
    lengths
      .filter((length) => length <= end)
      .flatMap((length) => {
        const id = ids.get(characters.slice(end - length, end).join(''));
        return id === undefined ? [] : [{ start: end - length, end, id }];
      }),
  );
}

/** The first place that no row of tokens from the start leads to the end from, or nothing where the text can be segmented. */
export function deadEnd(text: string, vocabulary: readonly Scored[]): number | undefined {
  const characters = [...withSpaceSigns(text)];
  const reached = [true];
  for (const [end, fits] of fitsByEnd(characters, vocabulary).entries())
    if (end > 0) reached[end] = fits.some(({ start }) => reached[start] === true);
  return reached.at(-1) === true ? undefined : reached.lastIndexOf(true);
}
