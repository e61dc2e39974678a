/** The greatest id: 2^31 − 1. */
const greatest = 2147483647;

/**
 * The ids that a text cites, each once, in the order in which they first stand there: an id is cited by its decimal digits in square brackets, without
 * a space, a sign or a leading zero. What is greater than any id is none.
 */
export const citedIn = (text: string): readonly number[] => [
  ...new Set(
    [...text.matchAll(/\[(0|[1-9][0-9]{0,9})\]/g)]
      .map(([, digits]) => Number(digits))
      .filter((id) => id <= greatest),
  ),
];
