import { z } from 'zod';
import { spec, type Input, type Name } from '../../spec/index.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import { readNumber, shapeOf } from '../../spec/schema.ts';
import type { Grid } from '../../spec/tensor.ts';
import { certified } from '../../reference/arithmetics/certified.ts';
import { inDoubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import {
  belowDigits,
  Undecided,
  type Enclosing,
  type Scope,
} from '../../reference/arithmetics/enclosing.ts';
import { mathjs, mathjsDigits } from '../../reference/arithmetics/mathjs.ts';
import { gridsOf } from '../../reference/composed.ts';
import { isGrid, lift, mostBits, Uncertified } from '../../reference/evaluate.ts';
import { references } from '../../reference/index.ts';
import { render, Rendered } from '../../reference/render.ts';
import { fromWire } from '../interface/wire.ts';

export const exactArithmetics = ['certified', 'mathjs', 'doubleDouble'] as const;
export type ExactArithmetic = (typeof exactArithmetics)[number];

/** An output whose float tensors are in decimal: `Rendered` texts by field; the rest as it is. */
export type Digits = ReadonlyMap<string, unknown>;

/** Every precision that holds so many digits with some to spare, to the one at which we give up. */
function scopesFor(digits: number): readonly Scope[] {
  const least = Math.ceil(digits * Math.log2(10)) + 64;
  const bits = Array.from({ length: 16 }, (_, i) => 128 * 2 ** i);
  return bits.filter((count) => count >= least && count <= mostBits).map(certified);
}

/** What rounds to 0 is 0: an exact −0 is a matter of formats, not of numbers. */
const unsigned = (text: string): string => (text === '-0' ? '0' : text);

/** Pairs of doubles prove no more, except where they are exact. */
const mostOfPairs = 33;

/** The most digits that are proven, up to `count`. */
function provenDigits<N>(arithmetic: Enclosing<N>, value: N, count: number): string {
  for (let asked = count; asked >= 1; asked = Math.min(asked - 1, mostOfPairs))
    try {
      return unsigned(arithmetic.digits(value, asked));
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
    }
  throw new Undecided('not one digit is proven');
}

/** Written where nothing more is proven than that a value is 0 or closer to it than any format can tell: it underflows MPFR itself. */
export const nearZero = '~0';

function digitsOrNearZero<N>(arithmetic: Enclosing<N>, value: N, count: number): string {
  try {
    const text = arithmetic.digits(value, count);
    return text === belowDigits ? nearZero : unsigned(text);
  } catch (error) {
    if (!(error instanceof Undecided) || !reachesZero(arithmetic, value)) throw error;
    return nearZero;
  }
}

function reachesZero<N>(arithmetic: Enclosing<N>, value: N): boolean {
  try {
    arithmetic.compare(value, arithmetic.from(0));
    return false;
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    return arithmetic.upper(arithmetic.absolute(value)) <= Number.MIN_VALUE;
  }
}

/** The digits on which two values agree, up to `count`. */
function commonDigits<B extends Parameters<typeof mathjsDigits>[0]>(
  rough: B,
  fine: B,
  count: number,
): string | undefined {
  for (let asked = count; asked >= 1; asked -= 1) {
    const text = mathjsDigits(fine, asked);
    if (text === mathjsDigits(rough, asked)) return unsigned(text);
  }
  return undefined;
}

/** The reference in mathjs at one precision: grids of BigNumbers by field, the rest as it is. */
export function inMathjs<N extends Name>(name: N, input: Input<N>, precision: number) {
  const arithmetic = mathjs(precision);
  const output = references[name](arithmetic, lift(arithmetic, input));
  return { arithmetic, fields: new Map<string, unknown>(Object.entries(output ?? {})) };
}

/** @throws Uncertified where two precisions agree on nothing */
function agreed<N extends Name>(name: N, input: Input<N>, count: number): Digits {
  const precision = Math.max(64, count + 20);
  const rough = inMathjs(name, input, precision);
  const fine = inMathjs(name, input, precision + 30);
  type Big = Parameters<typeof mathjsDigits>[0];
  const isNumbers = (value: unknown): value is Grid<Big> => isGrid(fine.arithmetic, value);
  const discrete = (fields: ReadonlyMap<string, unknown>) =>
    JSON.stringify(mapLeaves(Object.fromEntries(fields), isNumbers, () => null));
  if (discrete(rough.fields) !== discrete(fine.fields))
    throw new Uncertified(`${precision} and ${precision + 30} digits decide differently`);
  const others = gridsOf(rough.arithmetic, Object.fromEntries(rough.fields));
  const rendered = ({ shape, data }: Grid<Big>, path: string) => {
    const other = others.get(path)?.data ?? [];
    const texts = data.map((item, i) => {
      const text = commonDigits(other[i] ?? item, item, count);
      if (text !== undefined) return text;
      const agree = `${precision} and ${precision + 30} digits agree on nothing`;
      throw new Uncertified(`${path}, element ${i}: ${agree}`);
    });
    return new Rendered(shape, texts);
  };
  return new Map(
    [...fine.fields].map(([field, value]) => [field, mapLeaves(value, isNumbers, rendered, field)]),
  );
}

/**
 * The exact output for a valid input, to so many significant digits: all of them proven (certified), as many as are proven and all where not
 * one is (doubleDouble), or as many as two precisions agree on (mathjs).
 *
 * @throws Uncertified when the digits cannot be proven
 */
export function exactDigits<N extends Name>(
  name: N,
  input: Input<N>,
  count: number,
  arithmetic: ExactArithmetic = 'certified',
): Digits {
  if (arithmetic === 'mathjs') return agreed(name, input, count);
  if (arithmetic === 'certified')
    return render(
      references[name],
      input,
      (a, value) => unsigned(a.digits(value, count)),
      scopesFor(count),
    );
  return render(references[name], input, (a, value) => provenDigits(a, value, count), [
    inDoubleDouble,
    ...scopesFor(count),
  ]);
}

/** As `exactDigits` certified, with `nearZero` for what cannot be written in digits. */
export const goldenDigits = <N extends Name>(name: N, input: Input<N>, count: number): Digits =>
  render(
    references[name],
    input,
    (a, value) => digitsOrNearZero(a, value, count),
    scopesFor(count),
  );

/**
 * Reads an input as the protocol writes it: tensors, and the names of numbers where a field takes numbers.
 *
 * @throws MalformedTensor
 */
export function readInput(name: Name, input: object): object {
  const shape = shapeOf(spec[name].input);
  return Object.fromEntries(
    Object.entries(input).map(([field, value]) => {
      const schema = shape[field];
      const number = typeof value === 'string' ? readNumber(value) : undefined;
      const isText = schema instanceof z.ZodType && schema.safeParse(value).success;
      return [field, number === undefined || isText ? fromWire(value) : number];
    }),
  );
}
