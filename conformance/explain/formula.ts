import { environments, functions, accents, opening, closing, operators, symbols } from './latex.ts';

const isSimple = (text: string): boolean => /^[\p{L}\p{N}\p{M}√'∞…∘∈]+$/u.test(text);
const inside = /\([^()]*\)|‖[^‖]*‖|\|[^|]*\|/g;
const within = (text: string): string =>
  inside.test(text) ? within(text.replaceAll(inside, 'x')) : text;
const inParentheses = (text: string): string => `(${text})`;

/** An index or an exponent. */
const asScript = (text: string): string =>
  isSimple(text) || within(text) === 'x' ? text : inParentheses(text);
const asDividend = (text: string): string =>
  / [+−|] /.test(within(text)) ? inParentheses(text) : text;
const asDivisor = (text: string): string =>
  /[ /]/.test(within(text)) && !text.startsWith('Σ') ? inParentheses(text) : text;
const asFraction = (above: string, below: string): string =>
  isSimple(above) && isSimple(below)
    ? `${above}/${below}`
    : `${asDividend(above)} / ${asDivisor(below)}`;

/** Stands before what closes: no space is left there. */
const tight = '\u{e000}';

/** Reads LaTeX from the left; `undefined` where there is something that it does not know. */
class Reading {
  readonly #text: string;
  #at = 0;
  /** What separates the columns of the environment that it is in. */
  #column = '';
  constructor(text: string) {
    this.#text = text;
  }

  /** Everything up to an end, which is taken too. */
  until(end: string): string | undefined {
    let out = '';
    while (this.#at < this.#text.length) {
      if (end !== '' && this.#text.startsWith(end, this.#at)) {
        this.#at += end.length;
        return out;
      }
      const piece = this.#piece(out);
      if (piece === undefined) return undefined;
      out += piece;
    }
    return end === '' ? out : undefined;
  }

  #piece(before: string): string | undefined {
    const character = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (character === '\\') return this.#command(before);
    if (character === '{') return this.until('}');
    if (character === '^' || character === '_') return this.#script(character);
    if (character === '&') return this.#column;
    if (character === '~') return ' ';
    return character === '-' ? '−' : character;
  }

  #script(sign: string): string | undefined {
    const argument = this.#argument();
    if (argument === undefined) return undefined;
    if (sign === '^' && argument === '2') return '²';
    if (sign === '^' && (argument === 'ᵀ' || argument === "'")) return argument;
    return `${sign}${asScript(argument)}`;
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }

  /** What a command or a sign applies to: a group, a command, or one character. */
  #argument(): string | undefined {
    this.#skipSpaces();
    return this.#piece('')
      ?.replaceAll(new RegExp(` *${tight}`, 'g'), '')
      .trim();
  }

  /** A group as it is written. */
  #words(): string {
    const [group = ''] = /^\{[^{}]*\}/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += group.length;
    return group
      .slice(1, -1)
      .replaceAll('\\#', '#')
      .replaceAll(/\\textbackslash ?/g, () => '\\');
  }

  #command(before: string): string | undefined {
    const name = /^([A-Za-z]+|.)/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += name.length;
    if (opening.has(name)) this.#skipSpaces();
    const gap = /[\p{L}\p{N})²ᵀ]$/u.test(before) ? ' ' : '';
    const symbol = symbols.get(name);
    if (symbol !== undefined) {
      if (closing.has(name)) return tight + symbol;
      if (operators.has(name)) return ` ${symbol} `;
      return /^[Σ∏⋃∂]$/u.test(symbol) ? gap + symbol : symbol;
    }
    return functions.has(name) ? gap + name : this.#applied(name, gap);
  }

  /** A command with what it applies to. */
  #applied(name: string, gap: string): string | undefined {
    if (name === 'text' || name === 'texttt') return this.#words();
    if (name === 'begin') return this.#environment();
    const first = this.#argument();
    const accent = accents.get(name);
    if (first === undefined) return undefined;
    if (accent !== undefined) return `${first}${accent}`;
    if (name === 'sqrt') return `√${first.length === 1 ? first : inParentheses(first)}`;
    if (name === 'overline') return `mean(${first})`;
    if (name === 'mathrm' || name === 'operatorname') return gap + first;
    if (name !== 'frac' && name !== 'tfrac') return undefined;
    const second = this.#argument();
    return second === undefined ? undefined : gap + asFraction(first, second);
  }

  #environment(): string | undefined {
    const name = this.#argument() ?? '';
    const column = environments.get(name);
    if (column === undefined) return undefined;
    this.#column = column;
    const body = this.until(`\\end{${name}}`)?.trim();
    this.#column = '';
    if (body === undefined || name === 'aligned') return body;
    return name === 'cases' ? `{ ${body} }` : inParentheses(body);
  }
}

/** A formula of LaTeX in plain text, as one would write it in a message; the LaTeX where that cannot be done. */
export function plainFormula(latex: string): string {
  const plain = new Reading(latex).until('');
  if (plain === undefined) return latex;
  return plain
    .replaceAll(new RegExp(` *${tight}`, 'g'), '')
    .replaceAll(/ +/g, ' ')
    .replaceAll(/ ([,;)])/g, (_all, sign: string) => sign)
    .replaceAll(',;', ';')
    .replaceAll('( ', '(')
    .trim();
}
