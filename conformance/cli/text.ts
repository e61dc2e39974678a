import { greatestOf } from '../../spec/extremes.ts';
/** The width that output is laid out for: the terminal's, from 40 to 100; 80 where there is none, or one that says 0. */
export const widthOf = (columns: number | undefined): number =>
  Math.min(100, Math.max(40, columns === undefined || columns === 0 ? 80 : columns));

/**
 * A text with what a terminal would obey, or not show, written as \uXXXX: control characters but line breaks, lone surrogates, and marks that turn
 * the direction of writing. What an implementation answers is never sent to a terminal as it is.
 */
export const printable = (text: string): string =>
  text.replaceAll(
    /[^\n\P{Cc}]|\p{Cs}|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A text as one word of a POSIX shell, in quotes. */
export const quoted = (text: string): string => `'${text.replaceAll("'", () => `'\\''`)}'`;

/** Breaks a text at spaces. A word longer than the width stands on a line of its own; line breaks are kept. */
export function wrap(text: string, width: number, indent = ''): string {
  return text
    .split('\n')
    .map((paragraph) =>
      wrapParagraph(paragraph, width - indent.length)
        .map((line) => `${indent}${line}`.trimEnd())
        .join('\n'),
    )
    .join('\n');
}

function wrapParagraph(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Terms in a column, what is said of them beside it. */
export function definitions(
  entries: readonly (readonly [string, string])[],
  width: number,
  indent = '  ',
  widest = 26,
): string {
  const column = Math.min(
    widest,
    Math.max(0, greatestOf(entries.map(([term]) => term.length))) + 2,
  );
  const hanging = indent + ' '.repeat(column);
  return entries
    .map(([term, text]) => {
      const body = wrap(text, width, hanging).slice(hanging.length);
      if (text === '') return `${indent}${term}\n`;
      return term.length + 2 > column
        ? `${indent}${term}\n${hanging}${body}\n`
        : `${indent}${term.padEnd(column)}${body}\n`;
    })
    .join('');
}
