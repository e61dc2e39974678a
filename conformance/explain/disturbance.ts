import { roundTo } from '../../spec/format.ts';
import { spec, type Name, type Output } from '../../spec/index.ts';
import { isTensor } from '../../spec/schema.ts';
import { elementsOf, isFloatDtype, type Tensor } from '../../spec/tensor.ts';
import type { Kernel } from '../interface/implementation.ts';

/** Numbers from 0 to 1, each call another. */
type Random = () => number;

/** What becomes of the parts of an answer; of those that it does not name, nothing. */
interface Changes {
  readonly float?: (x: number, random: Random) => number;
  readonly integer?: (x: number, random: Random) => number;
  readonly truth?: (x: boolean, random: Random) => boolean;
  readonly text?: (text: string, random: Random) => string;
  readonly list?: (items: readonly unknown[], random: Random) => readonly unknown[];
}

/** A way to spoil a sound answer by an amount that nothing but the input decides. */
export interface Disturbance {
  readonly id: string;
  readonly wrong: string;
  readonly changes: Changes;
}

const place = (length: number, random: Random): number => Math.floor(random() * length);
const scaled = (x: number, random: Random): number => x * (1 + (random() - 0.5) / 2);
const moved = (x: number, random: Random): number =>
  (Number.isFinite(x) ? x : 0) + 4 * (random() - 0.5);
const counted = (x: number, random: Random): number => x + place(5, random) - 2;
const flipped = (x: boolean, random: Random): boolean => (random() < 0.5 ? !x : x);
const without = (items: readonly unknown[], random: Random): readonly unknown[] =>
  items.toSpliced(place(items.length, random), 1);
const twice = (items: readonly unknown[], random: Random): readonly unknown[] => {
  const at = place(items.length, random);
  return [...items.slice(0, at + 1), ...items.slice(at)];
};
const turned = (items: readonly unknown[], random: Random): readonly unknown[] => {
  const at = place(items.length, random);
  return [...items.slice(at), ...items.slice(0, at)];
};
const respelt = (text: string, random: Random): string => {
  const at = place(text.length, random);
  const end = at + (random() < 0.5 ? 0 : 1);
  return `${text.slice(0, at)}${random() < 0.5 ? '' : '\ud800'}${text.slice(end)}`;
};

/** From what is seen least to what is seen most. */
export const disturbances: readonly Disturbance[] = [
  { id: 'scaled', wrong: 'scales every real number', changes: { float: scaled } },
  { id: 'moved', wrong: 'moves every real number', changes: { float: moved } },
  { id: 'counted', wrong: 'adds to every integer', changes: { integer: counted } },
  { id: 'flipped', wrong: 'says yes for no, and no for yes', changes: { truth: flipped } },
  { id: 'respelt', wrong: 'changes a character of every text', changes: { text: respelt } },
  { id: 'shortened', wrong: 'leaves out an item of every list', changes: { list: without } },
  { id: 'repeated', wrong: 'says an item of every list twice', changes: { list: twice } },
  { id: 'turned', wrong: 'begins every list elsewhere', changes: { list: turned } },
  {
    id: 'everything',
    wrong: 'changes all numbers, truths and texts',
    changes: { float: moved, integer: counted, truth: flipped, text: respelt },
  },
];

const bits = new DataView(new ArrayBuffer(8));

/** FNV-1a over everything in a value, in order. */
function hashOf(value: unknown, start = 0x811c9dc5): number {
  const mixed = (hash: number, word: number): number => Math.imul(hash ^ word, 0x01000193);
  if (typeof value === 'number') {
    bits.setFloat64(0, value);
    return mixed(mixed(start, bits.getInt32(0)), bits.getInt32(4));
  }
  if (typeof value !== 'object' || value === null)
    return [...String(value)].reduce((hash, one) => mixed(hash, one.codePointAt(0) ?? 0), start);
  return Object.entries(value).reduce(
    (hash, [key, item]) => hashOf(item, hashOf(key, hash)),
    start,
  );
}

/** Numbers that one number decides (Steele's splitmix, 32 bits). */
function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    const first = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    const second = Math.imul(first ^ (first >>> 15), 0x735a2d97);
    return ((second ^ (second >>> 15)) >>> 0) / 2 ** 32;
  };
}

function disturbedTensor({ dtype, shape, data }: Tensor, changes: Changes, random: Random): Tensor {
  const { float, integer, truth, list } = changes;
  const one = isFloatDtype(dtype)
    ? float && ((x: number) => roundTo(float(x, random), dtype))
    : dtype === 'bool'
      ? truth && ((x: number) => Number(truth(x === 1, random)))
      : integer && ((x: number) => integer(x, random));
  const elements = one === undefined ? Array.from(data) : Array.from(data, one);
  const items = (list?.(elements, random) ?? elements).map(Number);
  const kept = items.length === data.length || shape.length !== 1 ? shape : [items.length];
  const values = kept === shape && items.length !== data.length ? elements : items;
  return { dtype, shape: kept, data: elementsOf(dtype, values) };
}

/** An answer with everything changed that the changes name. */
function disturb(value: unknown, changes: Changes, random: Random): unknown {
  const { float, integer, truth, text, list } = changes;
  if (isTensor(value)) return disturbedTensor(value, changes, random);
  if (typeof value === 'number')
    return (Number.isInteger(value) ? integer : float)?.(value, random) ?? value;
  if (typeof value === 'boolean') return truth?.(value, random) ?? value;
  if (typeof value === 'string') return text?.(value, random) ?? value;
  if (Array.isArray(value)) {
    const items = value.map((item) => disturb(item, changes, random));
    return items.length === 0 ? items : (list?.(items, random) ?? items);
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, disturb(item, changes, random)]),
  );
}

/** A disturbed answer that is still one by its schema: all of it at once, or the fields that can be changed alone. */
function withinSchema<N extends Name>(name: N, sound: Output<N>, changed: unknown): Output<N> {
  const whole = spec[name].output.safeParse(changed);
  if (whole.success) return whole.data;
  if (typeof changed !== 'object' || changed === null) return sound;
  return Object.entries(changed).reduce<Output<N>>((kept, [field, value]) => {
    const tried = spec[name].output.safeParse({ ...kept, [field]: value });
    return tried.success ? tried.data : kept;
  }, sound);
}

/**
 * A sound kernel whose answers are spoilt, each by an amount that depends on the whole input: no two inputs are spoilt alike, so that nothing which
 * relates answers holds. With `calls` one input is answered otherwise each time.
 */
export const disturbed = <N extends Name>(
  name: N,
  sound: Kernel<N>,
  { changes }: Disturbance,
  calls: boolean,
): Kernel<N> => {
  let call = 0;
  return async (input) => {
    call += 1;
    const output = await sound(input);
    const random = randomFrom(hashOf(input) ^ (calls ? Math.imul(call, 0x85ebca6b) : 0));
    return withinSchema(name, output, disturb(output, changes, random));
  };
};
