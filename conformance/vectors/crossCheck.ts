import type { Input, Name } from '../../spec/index.ts';
import { isGrid } from '../../reference/evaluate.ts';
import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import { gridsOf } from '../../reference/composed.ts';
import { isRendered } from '../../reference/render.ts';
import { parserFor } from '../../reference/arithmetics/mathjsNumbers.ts';
import { inMathjs, nearZero, type Digits } from '../judging/exact.ts';
import { toWire } from '../interface/wire.ts';

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
  const isNumbers = (value: unknown): value is object => isRendered(value) || isGrid(arithmetic, value);
  const discrete = (value: unknown) =>
    JSON.stringify(
      toWire(
        mapLeaves(value, isNumbers, () => null),
        'readable',
      ),
    );
  for (const [field, value] of certain) {
    const [own, its] = [discrete(value), discrete(fields.get(field))];
    if (own !== its) return `${field}: certified ${own}, mathjs ${its}`;
  }
  const grids = gridsOf(arithmetic, Object.fromEntries(fields));
  for (const [path, { values }] of leavesOf(Object.fromEntries(certain), isRendered)) {
    const data = grids.get(path)?.data ?? [];
    if (data.length !== values.length) return `${path}: certified has ${values.length} elements, mathjs ${data.length}`;
    for (const [i, text] of values.entries()) {
      const second = String(data[i]);
      if (!agree(String(text), second)) return `${path}[${i}]: certified ${String(text)}, mathjs ${second}`;
    }
  }
  return undefined;
}
