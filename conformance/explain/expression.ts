import type { Operation, Traced } from '../../reference/arithmetics/trace.ts';

/** How numbers are written, and which are not taken apart any further: what has a name of its own. */
export interface Reader<N> {
  readonly write: (value: N) => string;
  readonly isNamed: (node: Traced<N>) => boolean;
}

/** A piece of an expression, and how tightly it is bound: 1 a sum, 2 a product, 3 what needs no parentheses. */
interface Piece {
  readonly text: string;
  readonly binds: 1 | 2 | 3;
}

const atom = (text: string): Piece => ({ text, binds: 3 });
const inParentheses = (text: string): string => `(${text})`;
/** An operand at the left of its operator. */
const atLeft = ({ text, binds }: Piece, least: number): string =>
  binds < least ? inParentheses(text) : text;
/** An operand at the right, or below a root: a minus sign there needs parentheses too. */
const atRight = ({ text, binds }: Piece, least: number): string =>
  binds < least || text.startsWith('−') ? inParentheses(text) : text;

const mostTerms = 4;

/** Terms of which a long list shows the first two and the last. */
function listed(terms: readonly string[], sign: string): string {
  if (terms.length <= mostTerms) return terms.join(sign);
  return [...terms.slice(0, 2), '…', ...terms.slice(-1)].join(sign);
}

/** A sum in which what is negative is subtracted. */
const summed = (terms: readonly string[]): string =>
  listed(terms, ' + ').replaceAll('+ −', () => '− ');

const functionNames: Partial<Record<Operation, string>> = {
  log: 'log',
  tanh: 'tanh',
  erfc: 'erfc',
  sin: 'sin',
  cos: 'cos',
};

/** The operation of a node, its operands taken apart so many levels deep. */
function opened<N>(node: Traced<N>, depth: number, reader: Reader<N>): Piece {
  const { operation, operands } = node;
  const part = (operand: Traced<N> | undefined): Piece =>
    operand === undefined ? atom('?') : pieceOf(operand, depth - 1, reader);
  const [a, b] = operands;
  const first = () => part(a);
  switch (operation) {
    case 'given':
      return atom(reader.write(node.value));
    case 'pi':
      return atom('π');
    case 'add':
      return b?.operation === 'given' && part(b).text === '0'
        ? first()
        : { text: summed([first().text, part(b).text]), binds: 1 };
    case 'subtract':
      return b?.operation === 'max' && !reader.isNamed(b) && part(b).text === '0'
        ? first()
        : { text: `${first().text} − ${atRight(part(b), 2)}`, binds: 1 };
    case 'multiply':
      return { text: `${atLeft(first(), 2)} · ${atRight(part(b), 2)}`, binds: 2 };
    case 'divide':
      return { text: `${atLeft(first(), 2)} / ${atRight(part(b), 3)}`, binds: 2 };
    case 'negate':
      return { text: `−${atRight(first(), 3)}`, binds: 3 };
    case 'absolute':
      return { text: `|${first().text}|`, binds: 3 };
    case 'sqrt':
      return { text: `√${atRight(first(), 3)}`, binds: 3 };
    case 'exp':
      return { text: `e^${inParentheses(first().text)}`, binds: 3 };
    case 'sum':
      return { text: summed(operands.map((term) => part(term).text)), binds: 1 };
    case 'dot':
      return { text: summed(products(operands, part)), binds: 1 };
    case 'max':
      return {
        text: `max(${listed(
          operands.map((one) => part(one).text),
          ', ',
        )})`,
        binds: 3,
      };
    default:
      return { text: `${functionNames[operation] ?? operation}(${first().text})`, binds: 3 };
  }
}

/** The factors of a dot product, in pairs. */
function products<N>(
  operands: readonly Traced<N>[],
  part: (operand: Traced<N> | undefined) => Piece,
): readonly string[] {
  const count = operands.length / 2;
  return operands
    .slice(0, count)
    .map((left, i) => `${atLeft(part(left), 2)} · ${atRight(part(operands[count + i]), 2)}`);
}

/** What says nothing within an expression: which number is the greatest, or that a number is taken without its sign. */
const isTrivial = <N>({ operation }: Traced<N>): boolean =>
  operation === 'max' || operation === 'absolute';

/** A number, or how it came about where it has no name. */
const pieceOf = <N>(node: Traced<N>, depth: number, reader: Reader<N>): Piece =>
  depth === 0 || node.operands.length === 0 || reader.isNamed(node) || isTrivial(node)
    ? node.operation === 'pi'
      ? atom('π')
      : atom(reader.write(node.value))
    : opened(node, depth, reader);

const deepest = 4;
const mostCharacters = 66;

/** How many terms a sum has of which not all are shown. */
function remark<N>({ operation, operands }: Traced<N>): string {
  const terms = operation === 'dot' ? operands.length / 2 : operands.length;
  return terms > mostTerms ? ` (${terms} terms)` : '';
}

/**
 * How a number came about, as deep as fits on a line: 0.77 · 0.8 + 0.27 · 0.4 + 0.29 · 0.1. Nothing for a number that was given.
 */
export function howItCame<N>(node: Traced<N>, reader: Reader<N>): string | undefined {
  if (node.operands.length === 0) return undefined;
  const after = remark(node);
  const room = mostCharacters - after.length;
  for (let depth = deepest; depth > 1; depth -= 1) {
    const { text } = opened(node, depth, reader);
    if (text.length <= room) return text + after;
  }
  return opened(node, 1, reader).text + after;
}
