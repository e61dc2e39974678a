import { largestFinite, smallestNormal, unitRoundoff } from '../../spec/format.ts';
import {
  roundingOf,
  type DeclaredNumerics,
  type FunctionName,
  type Rounding,
} from '../../spec/numerics.ts';
import type { FloatDtype } from '../../spec/tensor.ts';

/** A field of a declaration that is another one now. What is not known to be tighter counts as looser: it may hide what got worse. */
export interface Redeclared {
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly looser: boolean;
}

/** Figures of one field: more of any of them is looser. None where all that can be said is whether it is the same. */
type Figures = (rounding: Rounding) => readonly number[];

const ofFormat = (dtype: FloatDtype): readonly number[] => [
  unitRoundoff(dtype),
  smallestNormal(dtype),
  1 / largestFinite(dtype),
];

const functions: readonly FunctionName[] = [
  'exp',
  'log',
  'tanh',
  'erf',
  'sinCos',
  'division',
  'reciprocalRoot',
];

/** Widths at which the orders of summation are told apart: below, at and above a power of two. */
const widths = [2, 7, 8, 9, 1000, 1024, 1025];

const figures: Readonly<Record<string, Figures>> = {
  storage: ({ storage }) => ofFormat(storage),
  accumulate: ({ accumulate }) => ofFormat(accumulate),
  order: ({ height }) => widths.map(height),
  fusedMultiplyAdd: ({ numerics: { fusedMultiplyAdd: fused } }) => [
    Number(fused !== 'never'),
    Number(fused !== 'always'),
  ],
  rounding: ({ numerics: { rounding } }) => [
    Number(rounding !== 'nearest'),
    Number(rounding !== 'towardZero'),
  ],
  flushesSubnormals: ({ numerics }) => [Number(numerics.flushesSubnormals)],
  finiteOnly: ({ numerics }) => [Number(numerics.finiteOnly)],
  ...Object.fromEntries(
    functions.map((name): [string, Figures] => [
      name,
      ({ accuracy }) => Object.values(accuracy(name)),
    ]),
  ),
};

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** What became of a declaration, field by field; nothing where it is the same. */
export function redeclared(
  before: DeclaredNumerics,
  after: DeclaredNumerics,
): readonly Redeclared[] {
  const [old, now] = [roundingOf(before), roundingOf(after)];
  const plain = Object.entries(figures).flatMap(([field, figuresOf]) =>
    compared(field, [held(old, field), held(now, field)], [figuresOf(old), figuresOf(now)]),
  );
  const algorithms = named(old.numerics.algorithm, now.numerics.algorithm).flatMap(
    ([name, from = 'left out', to = 'left out']) =>
      compared(`algorithm.${name}`, [from, to], [[], []]),
  );
  const formats = named(old.numerics.intermediates, now.numerics.intermediates).flatMap(
    ([name, from = old.accumulate, to = now.accumulate]) =>
      compared(`intermediates.${name}`, [from, to], [ofFormat(from), ofFormat(to)]),
  );
  return [...plain, ...algorithms, ...formats];
}

const held = (rounding: Rounding, field: string): string => {
  const { numerics, storage, accumulate } = rounding;
  return shown({ ...numerics, storage, accumulate }[field]);
};

const named = <T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
): readonly (readonly [string, T | undefined, T | undefined])[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, a[name], b[name]]);

function compared(
  field: string,
  [from, to]: readonly [string, string],
  [old, now]: readonly [readonly number[], readonly number[]],
): readonly Redeclared[] {
  if (from === to) return [];
  const isTighter =
    now.every((figure, i) => figure <= (old[i] ?? 0)) &&
    now.some((figure, i) => figure < (old[i] ?? 0));
  return [{ field, from, to, looser: !isTighter }];
}
