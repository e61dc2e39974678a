import { isWellFormed } from '../codePoints.ts';
import { MalformedSafetensors, quoted } from './malformed.ts';

/** The bytes before a header: its length. */
export const lengthBytes = 8;

const spaces = new Set([' ', '\t', '\n', '\r']);

/**
 * Reads JSON (RFC 8259) of a known form from the left, without building anything of another form: however deep a header nests, it is refused
 * at the first bracket that should not be there. Where JSON.parse keeps the last of two members of one name, both are seen here.
 */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** @throws MalformedSafetensors */
  fail(expected: string, at = this.at): never {
    const rest = this.text.slice(at, at + 40);
    const got = rest === '' ? 'the end of the header' : JSON.stringify(rest);
    const before = new TextEncoder().encode(this.text.slice(0, at)).length;
    throw new MalformedSafetensors(
      lengthBytes + before,
      `expected ${expected}, got ${got}; write the file again`,
    );
  }

  skip(): void {
    while (spaces.has(this.text.charAt(this.at))) this.at += 1;
  }

  /** Whether a character comes next, which is then behind us. */
  meets(character: string): boolean {
    this.skip();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  take(character: string, what: string): void {
    if (!this.meets(character)) this.fail(what);
  }

  /** A text in quotes. JSON.parse reads its escapes, and refuses control characters. */
  string(what: string): string {
    this.skip();
    const start = this.at;
    if (this.text[start] !== '"') this.fail(what);
    let end = this.text.indexOf('"', start + 1);
    while (end !== -1 && this.isEscaped(start, end)) end = this.text.indexOf('"', end + 1);
    if (end === -1) this.fail(`${what} that ends in a quotation mark`);
    this.at = end + 1;
    const value = textIn(this.text.slice(start, end + 1));
    if (value === undefined) return this.fail(`${what} without control characters`, start);
    return isWellFormed(value) ? value : this.fail(`${what} that UTF-8 can hold`, start);
  }

  /** Whether an odd number of backslashes stands before a quotation mark. */
  private isEscaped(start: number, end: number): boolean {
    let first = end;
    while (first > start + 1 && this.text[first - 1] === '\\') first -= 1;
    return (end - first) % 2 === 1;
  }

  /** An integer from 0 on, in digits alone: no sign, no fraction, no exponent. */
  count(what: string): number {
    this.skip();
    const start = this.at;
    while (/\d/.test(this.text.charAt(this.at))) this.at += 1;
    const digits = this.text.slice(start, this.at);
    const isWhole = /^(0|[1-9]\d*)$/.test(digits) && !/[.eE\d]/.test(this.text.charAt(this.at));
    if (!isWhole) this.fail(`${what}, an integer from 0 on`, start);
    const value = Number(digits);
    return Number.isSafeInteger(value) ? value : this.fail(`${what} below 2^53`, start);
  }

  /** A list, of which `read` takes each item. */
  items(what: string, read: () => void): void {
    this.take('[', what);
    if (this.meets(']')) return;
    do read();
    while (this.meets(','));
    this.take(']', `, or ] at the end of ${what}`);
  }

  /** An object, of which `read` takes each member; its name comes once. */
  members(what: string, read: (name: string) => void): void {
    this.take('{', what);
    if (this.meets('}')) return;
    const names = new Set<string>();
    do {
      this.skip();
      const start = this.at;
      const name = this.string(`a name in ${what}`);
      if (names.has(name)) this.fail(`${quoted(name)} once in ${what}`, start);
      names.add(name);
      this.take(':', `: after ${quoted(name)}`);
      read(name);
    } while (this.meets(','));
    this.take('}', `, or } at the end of ${what}`);
  }
}

function textIn(token: string): string | undefined {
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
