import type { Input, Name } from '../../spec/index.ts';
import { isGrid } from '../../reference/evaluate.ts';
import { Rendered } from '../../reference/render.ts';
import { parserFor } from '../../reference/arithmetics/mathjsNumbers.ts';
import { inMathjs, nearZero, type Digits } from '../exact.ts';
import { toWire } from '../wire.ts';

/** Digits of the second opinion: its last few are its own error. */
const precision = 64;
const relative = '1e-30';
const absolute = '1e-45';

const special = new Set(['NaN', 'Infinity', '-Infinity']);

/** Whether two decimals agree to 30 digits, or to 45 places; NaN and infinities only with themselves. */
export function agree(certain: string, other: string): boolean {
  if (special.has(certain) || special.has(other)) return certain === other;
  const parse = parserFor(precision);
  const [a, b] = [parse(certain === nearZero ? '0' : certain), parse(other)];
  const distance = a.minus(b).abs();
  return distance.lessThanOrEqualTo(parse(absolute)) || distance.lessThanOrEqualTo(a.abs().times(parse(relative)));
}

/** Where mathjs, which shares no code with the certified arithmetic, comes to another answer, or nothing. */
export function disagreement<N extends Name>(name: N, input: Input<N>, certain: Digits): string | undefined {
  const { arithmetic, fields } = inMathjs(name, input, precision);
  for (const [field, value] of certain) {
    const other = fields.get(field);
    if (!(value instanceof Rendered)) {
      const [own, its] = [JSON.stringify(toWire(value, 'readable')), JSON.stringify(toWire(other, 'readable'))];
      if (own !== its) return `${field}: certified ${own}, mathjs ${its}`;
      continue;
    }
    const data = isGrid(arithmetic, other) ? other.data : [];
    if (data.length !== value.values.length) return `${field}: certified has ${value.values.length} elements, mathjs ${data.length}`;
    for (const [i, text] of value.values.entries()) {
      const second = String(data[i]);
      if (!agree(String(text), second)) return `${field}[${i}]: certified ${String(text)}, mathjs ${second}`;
    }
  }
  return undefined;
}
