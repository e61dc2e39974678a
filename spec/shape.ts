/** One axis of a shape pattern: '...' (any number of axes), '*' (any shape at all), a letter that stands for a length, or a fixed length. */
type Axis =
  | { readonly kind: 'rest' }
  | { readonly kind: 'any' }
  | { readonly kind: 'letter'; readonly name: string }
  | { readonly kind: 'fixed'; readonly length: number };

/** What the letters of a component's shapes have been found to stand for; '...' is an entry of its own. */
export interface Dimensions {
  readonly lengths: Map<string, number>;
  rest: readonly number[] | undefined;
}
export const noDimensions = (): Dimensions => ({ lengths: new Map(), rest: undefined });

/** Patterns that were read: the same few come with every tensor, and those of lists with each place of an item. */
const read = new Map<string, readonly Axis[]>();
const mostRead = 4096;

/**
 * Reads a pattern such as '[..., L, D]'.
 *
 * @throws SyntaxError when it is not one
 */
export function parsePattern(pattern: string): readonly Axis[] {
  const known = read.get(pattern);
  if (known !== undefined) return known;
  const axes = axesOf(pattern);
  if (read.size >= mostRead) read.clear();
  read.set(pattern, axes);
  return axes;
}

function axesOf(pattern: string): readonly Axis[] {
  const inside = /^\[(.*)\]$/.exec(pattern)?.[1];
  if (inside === undefined) throw new SyntaxError(`shape pattern ${pattern}: expected [axis, …]`);
  return inside
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseAxis);
}

function parseAxis(text: string): Axis {
  if (text === '...') return { kind: 'rest' };
  if (text === '*') return { kind: 'any' };
  if (/^\d+$/.test(text)) return { kind: 'fixed', length: Number(text) };
  if (/^[A-Za-z]\w*$/.test(text)) return { kind: 'letter', name: text };
  throw new SyntaxError(`shape pattern axis ${text}: expected '...', '*', a letter or a number`);
}

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** Fits a shape to a pattern, adding to what is known; says what disagrees, or nothing. */
export function unify(
  pattern: string,
  shape: readonly number[],
  known: Dimensions,
): string | undefined {
  const axes = parsePattern(pattern);
  if (axes.some(({ kind }) => kind === 'any')) return undefined;
  const named = axes.filter((axis) => axis.kind !== 'rest');
  const hasRest = named.length < axes.length;
  if (hasRest ? shape.length < named.length : shape.length !== named.length)
    return `expected shape ${pattern}, got ${shapeText(shape)}`;
  const split = shape.length - named.length;
  if (hasRest) {
    const rest = shape.slice(0, split);
    if (known.rest === undefined) known.rest = rest;
    else if (shapeText(known.rest) !== shapeText(rest))
      return `expected leading axes ${shapeText(known.rest)} as elsewhere, got ${shapeText(rest)} in ${shapeText(shape)}`;
  }
  for (const [index, axis] of named.entries()) {
    const problem = unifyAxis(axis, shape[split + index] ?? 0, known);
    if (problem !== undefined) return `${problem} in ${shapeText(shape)}`;
  }
  return undefined;
}

function unifyAxis(axis: Axis, length: number, known: Dimensions): string | undefined {
  if (axis.kind === 'rest' || axis.kind === 'any') return undefined;
  if (axis.kind === 'fixed')
    return axis.length === length ? undefined : `expected length ${axis.length}, got ${length}`;
  const expected = known.lengths.get(axis.name);
  if (expected === undefined) known.lengths.set(axis.name, length);
  return expected === undefined || expected === length
    ? undefined
    : `expected ${axis.name} = ${expected} as elsewhere, got ${length}`;
}

/** Whether a shape broadcasts to the pattern's shape: aligned at the end, each axis of that length or 1. A length that is not known yet may be any. */
export function broadcasts(
  pattern: string,
  shape: readonly number[],
  known: Dimensions,
): string | undefined {
  const target = parsePattern(pattern).flatMap((axis) => lengthsOf(axis, known));
  const offset = target.length - shape.length;
  const fits =
    offset >= 0 &&
    shape.every((length, i) => length === 1 || length === (target[offset + i] ?? length));
  const expected = target.map((length) => length ?? 'any').join(', ');
  return fits
    ? undefined
    : `expected a shape that broadcasts to [${expected}], got ${shapeText(shape)}`;
}

const lengthOf = (axis: Axis, known: Dimensions): number | undefined =>
  axis.kind === 'fixed'
    ? axis.length
    : axis.kind === 'letter'
      ? known.lengths.get(axis.name)
      : undefined;

const lengthsOf = (axis: Axis, known: Dimensions): readonly (number | undefined)[] =>
  axis.kind === 'rest' ? (known.rest ?? []) : [lengthOf(axis, known)];

/** The shape that a pattern stands for, where all of its letters are known. */
export function instantiate(pattern: string, known: Dimensions): readonly number[] | undefined {
  const shape: number[] = [];
  for (const axis of parsePattern(pattern)) {
    if (axis.kind === 'rest') {
      if (known.rest === undefined) return undefined;
      for (const length of known.rest) shape.push(length);
    } else {
      const length = lengthOf(axis, known);
      if (length === undefined) return undefined;
      shape.push(length);
    }
  }
  return shape;
}

/** The letters of a pattern in order, '...' among them; fixed lengths aside. */
export const lettersIn = (pattern: string): readonly string[] =>
  parsePattern(pattern).flatMap((axis) =>
    axis.kind === 'letter' ? [axis.name] : axis.kind === 'rest' ? ['...'] : [],
  );

/** The flat place of an index in a tensor of this shape, or of as much of the index as it has axes for, aligned at the front. */
export const rowMajor = (shape: readonly number[], index: readonly number[]): number =>
  shape.reduce((place, length, axis) => place * length + Math.min(index[axis] ?? 0, length - 1), 0);
