import type { Law } from '../component.ts';
import { roundTo } from '../format.ts';
import { inapplicable } from '../laws.ts';
import { rowsOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { isTame, spansOf } from './scalarRanges.ts';

export interface Quantizing {
  readonly vectors: FloatTensor;
  readonly minimum: FloatTensor;
  readonly maximum: FloatTensor;
}
export interface Codes {
  readonly codes: IntegerTensor;
}
type CodeLaw = Law<Quantizing, Quantizing, Codes>;

/** Sums of 8 significant bits, with quotients off by 2.5 units, move 255 by less than so many codes: 14 · 2^-8 · 255. */
const blur = 16;

/** The same ranges with other vectors, stored as those are. */
function withRows(
  input: Quantizing,
  rows: number,
  number: (row: number, d: number) => number,
): Quantizing {
  const { dtype, shape } = input.vectors;
  const width = shape[1] ?? 0;
  const values = Array.from({ length: rows * width }, (_, i) =>
    roundTo(number(Math.floor(i / width), i % width), dtype),
  );
  return { ...input, vectors: tensor(dtype, [rows, width], values) };
}

/** The first code, of a dimension in which nothing overflows, that does not keep to a rule; 'inapplicable' where there is no such dimension. */
function broken(
  input: Quantizing,
  { codes }: Codes,
  rule: (code: number, row: number, d: number) => string | undefined,
): string | undefined {
  const tame = spansOf(input).map(isTame);
  const rows = rowsOf(codes);
  if (rows.length === 0 || !tame.includes(true)) return inapplicable;
  for (const [n, row] of rows.entries())
    for (const [d, code] of row.entries()) {
      const problem = tame[d] === true ? rule(code, n, d) : undefined;
      if (problem !== undefined) return `vector ${n}, dimension ${d}: ${problem}`;
    }
  return undefined;
}

const near = (code: number, expected: number): string | undefined =>
  Math.abs(code - expected) <= blur ? undefined : `expected about ${expected}, got ${code}`;

export const quantizeLaws: Readonly<Record<string, CodeLaw>> = {
  'spends its codes from the minimum to the maximum': async (input, run) => {
    const spans = spansOf(input);
    const ends = withRows(input, 2, (row, d) =>
      row === 0 ? (spans[d]?.minimum ?? 0) : (spans[d]?.maximum ?? 0),
    );
    const { output } = await run(ends);
    return broken(ends, output, (code, row) =>
      row === 1
        ? near(code, 255)
        : code === 0
          ? undefined
          : `the minimum has code ${code}, and not 0`,
    );
  },
  'never falls as a number rises': async (input, run) => {
    const spans = spansOf(input);
    const rows = rowsOf(input.vectors);
    const higher = withRows(input, rows.length, (n, d) => {
      const { minimum = 0, maximum = 0 } = spans[d] ?? {};
      return (rows[n]?.[d] ?? NaN) + (maximum - minimum) / 8;
    });
    if (Array.from(higher.vectors.data).some(Number.isNaN)) return inapplicable;
    const before = rowsOf((await run(input)).output.codes);
    return broken(input, (await run(higher)).output, (code, n, d) => {
      const own = before[n]?.[d] ?? NaN;
      return code >= own ? undefined : `${own} falls to ${code}`;
    });
  },
  'survives a round trip': async (input, run) => {
    const spans = spansOf(input);
    const { output } = await run(input);
    const codes = rowsOf(output.codes);
    const decoded = withRows(input, codes.length, (n, d) => {
      const { minimum = 0, maximum = 0 } = spans[d] ?? {};
      return isTame({ minimum, maximum })
        ? minimum + ((codes[n]?.[d] ?? NaN) * (maximum - minimum)) / 255
        : 0;
    });
    return broken(decoded, (await run(decoded)).output, (code, n, d) =>
      near(code, codes[n]?.[d] ?? NaN),
    );
  },
  'gives 0 throughout a constant dimension': async (input, run) => {
    const { output } = await run({ ...input, maximum: input.minimum });
    const wrong = Array.from(output.codes.data).find((code) => code !== 0);
    const isInfinite = Array.from(input.minimum.data).some((x) => !Number.isFinite(x));
    if (isInfinite || output.codes.data.length === 0) return inapplicable;
    return wrong === undefined ? undefined : `got ${wrong}`;
  },
  'codes each vector by itself': async (input, run) => {
    const rows = rowsOf(input.vectors);
    if (rows.length < 2) return inapplicable;
    const all = rowsOf((await run(input)).output.codes).at(-1) ?? [];
    const last = withRows(input, 1, (_row, d) => rows.at(-1)?.[d] ?? NaN);
    return broken(last, (await run(last)).output, (code, _row, d) => near(code, all[d] ?? NaN));
  },
};
