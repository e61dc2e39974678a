import { randomUUID } from 'node:crypto';

/** What Python's json and JavaScript's own printing write where JSON has no word. */
const tokens: Readonly<Record<string, number>> = {
  NaN: NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
};

const token = /(?<![\w.+-])(?:NaN|-?Infinity)(?![\w.+-]|\s*:)/g;

/** The place behind the text in quotes that begins at a place. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** A JSON text whose tokens outside of texts are texts that begin with a mark; nothing where it has none. */
function marked(text: string, mark: string): string | undefined {
  const parts: string[] = [];
  let found = false;
  const quotedToken = (name: string): string => {
    found = true;
    return JSON.stringify(`${mark}${name}`);
  };
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const start = quote === -1 ? text.length : quote;
    parts.push(text.slice(at, start).replaceAll(token, quotedToken));
    at = start === text.length ? start : endOfText(text, start);
    parts.push(text.slice(start, at));
  }
  return found ? parts.join('') : undefined;
}

/**
 * Reads JSON, and the tokens NaN, Infinity and -Infinity, which Python writes for numbers that JSON lacks.
 *
 * @example
 * parseJson('[1, NaN]') // → [1, NaN]
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    /** Nobody who wrote the text can have known it. */
    const mark = randomUUID();
    const readable = marked(text, mark);
    if (readable === undefined) throw error;
    const value: unknown = JSON.parse(readable, (_key, item: unknown) =>
      typeof item === 'string' && item.startsWith(mark) ? tokens[item.slice(mark.length)] : item,
    );
    return value;
  }
}
