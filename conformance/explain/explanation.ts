import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Input, Name } from '../../spec/index.ts';
import { isTensor } from '../../spec/schema.ts';
import type { Grid, Tensor } from '../../spec/tensor.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { certified } from '../../reference/arithmetics/certified.ts';
import { Undecided, type Enclosing, type Scope } from '../../reference/arithmetics/enclosing.ts';
import { trace, Traced, type Told } from '../../reference/arithmetics/trace.ts';
import { isGrid, lift, mostBits } from '../../reference/evaluate.ts';
import { references } from '../../reference/index.ts';
import { howItCame, type Reader } from './expression.ts';
import { plainDigits, tidy } from './numbers.ts';

/** A number of a step: which place of an axis it has, its digits, and how it came about where that was not told before. */
export interface Entry {
  readonly at?: number | string;
  readonly digits: string;
  /** As near as a double is, to compare it with what a text prints. */
  readonly near: number;
  readonly how?: string;
}

/** What a step holds: one number, a list, rows of a matrix, or something that is no number of the arithmetic. */
export type Held =
  | { readonly kind: 'number'; readonly entry: Entry }
  /** `keyed`: some places of an axis, in an order of their own. */
  | { readonly kind: 'list'; readonly keyed: boolean; readonly entries: readonly Entry[] }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly Entry[])[] }
  | { readonly kind: 'choice'; readonly indices: readonly number[] }
  | { readonly kind: 'plain'; readonly value: unknown };

/** A step of a worked example, with its name in the formula. */
export interface Step {
  readonly name: string;
  readonly places: Told['places'];
  readonly held: Held;
}

/** An output or an input field in digits: a tensor, or anything else as it is. */
export type Field =
  | { readonly path: string; readonly tensor: TensorText }
  | { readonly path: string; readonly value: unknown };

export interface TensorText {
  readonly shape: readonly number[];
  readonly digits: readonly string[];
  readonly near: readonly number[];
}

/** A computation of a reference, step by step, in digits that are proven. */
export interface Explanation {
  readonly steps: readonly Step[];
  /** What was computed, line by line: for a reference that gives its steps no names. */
  readonly operations: readonly string[];
  readonly operationCount: number;
  readonly output: readonly Field[];
}

/** As many lines of operations as are kept; there may be a million. */
const mostLines = 200;
/** How many steps and how many numbers of a step are taken apart. */
const mostTakenApart = { steps: 400, entries: 16 };

/** Writes numbers; throws Undecided where they need more bits, unless these are all that there are. */
interface Writer<N> {
  readonly digits: (value: N) => string;
  readonly near: (value: N) => number;
}

const writerOf = <N>(arithmetic: Enclosing<N>, count: number, isLast: boolean): Writer<N> => ({
  near: arithmetic.approximate,
  digits: (value) => {
    try {
      return tidy(arithmetic.digits(value, count));
    } catch (error) {
      if (!isLast || !(error instanceof Undecided)) throw error;
      return `about ${arithmetic.approximate(value).toPrecision(2)}`;
    }
  },
});

/** The values of steps as data. What was told before is written by its digits from there on. */
class Reading<N> {
  readonly #writer: Writer<N>;
  readonly #named = new Set<Traced<N>>();
  #steps = 0;
  constructor(writer: Writer<N>) {
    this.#writer = writer;
  }

  get reader(): Reader<N> {
    return { write: this.#writer.digits, isNamed: (node) => this.#named.has(node) };
  }

  step({ name, places, value }: Told): Step {
    this.#steps += 1;
    return { name, places, held: this.#held(value) };
  }

  #isNode(value: unknown): value is Traced<N> {
    return value instanceof Traced;
  }

  #held(value: unknown): Held {
    if (this.#isNode(value)) return { kind: 'number', entry: this.#entry(value, 0) };
    if (value instanceof Set) return { kind: 'choice', indices: [...value].map(Number) };
    if (value instanceof Map) return this.#mapped([...value]);
    if (!Array.isArray(value) || value.length === 0) return { kind: 'plain', value };
    const items: readonly unknown[] = value;
    const rows = items.filter((row): row is readonly unknown[] => Array.isArray(row));
    if (rows.length === items.length)
      return { kind: 'rows', rows: rows.map((row, i) => this.#list(row, i)) };
    return this.#isNode(items[0])
      ? { kind: 'list', keyed: false, entries: this.#list(items, 0) }
      : { kind: 'plain', value };
  }

  #mapped(pairs: readonly (readonly [unknown, unknown])[]): Held {
    const entries = pairs.flatMap(([key, item], i) =>
      this.#isNode(item) ? [{ at: asKey(key), ...this.#entry(item, i) }] : [],
    );
    if (entries.length < pairs.length) return { kind: 'plain', value: new Map(pairs) };
    return { kind: 'list', keyed: true, entries };
  }

  #list(items: readonly unknown[], row: number): readonly Entry[] {
    return items.flatMap((item, i) =>
      this.#isNode(item) ? [{ at: i, ...this.#entry(item, row + i) }] : [],
    );
  }

  #entry(node: Traced<N>, position: number): Entry {
    const isWanted = this.#steps <= mostTakenApart.steps && position < mostTakenApart.entries;
    const how = isWanted && !this.#named.has(node) ? howItCame(node, this.reader) : undefined;
    this.#named.add(node);
    const { digits, near } = this.#writer;
    const text = digits(node.value);
    return {
      digits: text,
      near: near(node.value),
      ...(how === undefined || how === text ? {} : { how }),
    };
  }
}

const asKey = (key: unknown): number | string => (typeof key === 'number' ? key : String(key));

/** The tensors and the other values of an output, in order, each by its path. */
function fieldsOf<N>(
  arithmetic: Pick<Arithmetic<Traced<N>>, 'from'>,
  output: unknown,
  { digits, near }: Writer<N>,
): readonly Field[] {
  type Leaf = Grid<Traced<N>> | Plain;
  const isLeaf = (value: unknown): value is Leaf => isPlain(value) || isGrid(arithmetic, value);
  return leavesOf(output, isLeaf).map(([path, leaf]) => {
    if (!isGrid(arithmetic, leaf)) return plainField(path, leaf, 17);
    const values = leaf.data.map((node) => node.value);
    const tensor = { shape: leaf.shape, digits: values.map(digits), near: values.map(near) };
    return { path, tensor };
  });
}

/** What a field holds that is no number of an arithmetic. */
type Plain = Tensor | string | number | boolean | null | readonly unknown[];

/** Whether a value is shown as one: a tensor, or what holds no objects. */
const isPlain = (value: unknown): value is Plain =>
  isTensor(value) ||
  typeof value !== 'object' ||
  value === null ||
  (Array.isArray(value) && value.every((item) => typeof item !== 'object'));

const plainField = (path: string, value: Plain, digits: number): Field =>
  isTensor(value) ? { path, tensor: tensorText(value, digits) } : { path, value };

/** What an input holds, tensors and all else by their path. */
export const fieldsIn = (input: object, digits: number): readonly Field[] =>
  leavesOf(input, isPlain)
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => plainField(path, value, digits));

/** A tensor of plain numbers, or of truth values. */
function tensorText({ dtype, shape, data }: Tensor, digits: number): TensorText {
  const written = (x: number): string =>
    dtype === 'bool' ? (x === 1 ? 'yes' : 'no') : plainDigits(x, digits);
  return { shape, digits: Array.from(data, written), near: Array.from(data) };
}

/** Precisions that hold so many digits with some to spare. */
const scopesFor = (digits: number): readonly Scope[] =>
  [1, 4, 16]
    .map((times) => Math.min(mostBits, (128 + Math.ceil(digits * Math.log2(10))) * times))
    .map(certified);

/**
 * What a reference does with an input, step by step, in proven digits.
 *
 * @throws TooLong where that is more than anybody could follow
 */
export function explained<N extends Name>(
  name: N,
  input: Input<N>,
  digits: number,
  mostOperations: number,
): Explanation {
  const scopes = scopesFor(digits);
  for (const [index, scope] of scopes.entries())
    try {
      return scope((over) => {
        const { arithmetic, told, operations } = trace(over, mostOperations);
        const output = references[name](arithmetic, lift(arithmetic, input));
        const writer = writerOf(over, digits, index === scopes.length - 1);
        const reading = new Reading(writer);
        const steps = told
          .map((one) => reading.step(one))
          .filter(({ name: called }) => called !== '');
        const lines = steps.length > 0 ? [] : operations.slice(0, mostLines);
        return {
          steps,
          operations: lines.map((node) => operationLine(node, writer)),
          operationCount: operations.length,
          output: fieldsOf(arithmetic, output, writer),
        };
      });
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
    }
  throw new Undecided(`${name}: a decision of this example is too close to call`);
}

const operationLine = <N>(node: Traced<N>, { digits }: Writer<N>): string => {
  const reader: Reader<N> = { write: digits, isNamed: () => true };
  return `${digits(node.value)} = ${howItCame(node, reader) ?? ''}`;
};
