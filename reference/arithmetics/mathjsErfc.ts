import type { BigNumber } from 'mathjs';
import { parserFor } from './mathjsNumbers.ts';

/** √π; π is the angle whose cosine is −1. */
const rootOfPi = (precision: number): BigNumber => parserFor(precision)('-1').acos().sqrt();

/**
 * 1 − erf(x) with erf(x) = 2x/√π · e^(−x²) · Σ (2x²)^n / (1 · 3 · 5 ⋯ (2n + 1)) (DLMF 7.6.2), all of whose terms are positive for x ≥ 0. Since
 * erfc(x) < e^(−x²), the subtraction costs x² · log₁₀ e digits and little more; they are added to the precision. From 2n + 3 ≥ 4x² on each term is at
 * most half the one before: what is cut off is less than the last.
 */
function bySeries(text: string, precision: number): BigNumber {
  const near = Number(text);
  const working = precision + 8 + Math.ceil(near * near * Math.LOG10E + Math.log10(1 + near));
  const parse = parserFor(working);
  const x = parse(text);
  const doubledSquare = x.times(x).times(2);
  const negligible = parse(`1e-${working}`);
  let term = parse('1');
  let total = term;
  for (let odd = 3; odd < 4 * near * near + 3 || term.greaterThan(negligible); odd += 2) {
    term = term.times(doubledSquare).div(odd);
    total = total.plus(term);
  }
  const factor = x.times(2).div(rootOfPi(working)).times(x.times(x).negated().exp());
  return parse('1').minus(factor.times(total));
}

/**
 * e^(−x²) / (x√π) · Σ (−1)^n · (1 · 3 ⋯ (2n − 1)) / (2x²)^n (DLMF 7.12.1). For x > 0 what is cut off is less than the first term left out (DLMF
 * §7.12(i)), and the least term is about √2 · e^(−x²). e^(−x²) loses the digits that x² has before its point.
 */
function byAsymptotics(text: string, precision: number): BigNumber {
  const working = precision + 8 + 2 * Math.max(0, Math.ceil(Math.log10(Number(text))));
  const parse = parserFor(working);
  const x = parse(text);
  const doubledSquare = x.times(x).times(2);
  const negligible = parse(`1e-${precision + 2}`);
  let term = parse('1');
  let total = term;
  for (let odd = 1; term.abs().greaterThan(negligible); odd += 2) {
    term = term.times(-odd).div(doubledSquare);
    total = total.plus(term);
  }
  return x
    .times(x)
    .negated()
    .exp()
    .times(total)
    .div(x.times(rootOfPi(working)));
}

/** 1 − erf(x) to so many digits, which mathjs has for numbers only. Beyond 10^9 it is 0: e^(−10^18) is less than a BigNumber can be. */
export function erfc(x: BigNumber, precision: number): BigNumber {
  const parse = parserFor(precision);
  if (x.isNaN()) return x;
  if (x.isNegative() && !x.isZero()) return parse('2').minus(erfc(x.negated(), precision));
  const near = x.toNumber();
  if (near > 1e9) return parse('0');
  const isFar = near * near * Math.LOG10E > precision + 3;
  const value = isFar ? byAsymptotics(x.toString(), precision) : bySeries(x.toString(), precision);
  return parse(value.toSignificantDigits(precision).toString());
}
