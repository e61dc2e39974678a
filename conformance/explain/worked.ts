import { spec, type Name } from '../../spec/index.ts';
import type { Printed } from '../../spec/component.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';

/** An input to follow, and what is known of it. */
export interface Followed {
  readonly title: string;
  readonly input: object;
  readonly labels: readonly string[];
  readonly printed: readonly Printed[];
  readonly remark: string;
  /** Whether it was given, in the form of the protocol. */
  readonly isOwn: boolean;
}

const plain = (title: string, input: object, isOwn: boolean): Followed => ({
  title,
  input,
  labels: [],
  printed: [],
  remark: '',
  isOwn,
});

/** As many numbers as one can still follow. */
const mostNumbers = 48;

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** How much there is to read in an input: a number for each number, and for each word. */
const sizeOf = (input: object): number =>
  leavesOf(input, isTensor).reduce((total, [, { data }]) => total + data.length, 0) +
  leavesOf(input, isPlain).reduce((total, [, value]) => total + String(value).length / 8, 0);

/** The inputs that a component is explained with: its worked examples, or the first golden input that is small, or the smallest. */
export function followedOf(name: Name): readonly Followed[] {
  const { worked = [], examples } = spec[name];
  if (worked.length > 0)
    return worked.map(({ title, input, labels = [], printed = [], remark = '' }) => ({
      title,
      input,
      labels,
      printed,
      remark,
      isOwn: false,
    }));
  const sized = examples.map((one) => ({ ...one, size: sizeOf(one.input) }));
  const [smallest] = sized.toSorted((x, y) => x.size - y.size);
  const found = sized.find(({ size }) => size <= mostNumbers) ?? smallest;
  return found === undefined
    ? []
    : [plain(`golden vector ‘${found.id}’ (${found.why})`, found.input, false)];
}

/** An input of the user's own. */
export const ownInput = (path: string, input: object): Followed => plain(path, input, true);
