import type { Law } from '../component.ts';
import { inapplicable, lastBlock, mapped, reversed } from '../laws.ts';
import { rowsOf, tensor } from '../tensor.ts';
import type { Recalled } from './recallInputs.ts';

interface Recall {
  readonly recall: number;
}
type RecallLaw = Law<Recalled, Recalled, Recall>;

/** How many can be found for one query. */
const mostFound = ({ found, vectors }: Recalled): number =>
  Math.min(found.shape[1] ?? 0, vectors.shape[0] ?? 0);

/** Whether scores are small integers, that tie exactly or differ by more than any rounding: no near-tie can go one way here and another there. */
const areExact = ({ vectors, queries, metric }: Recalled): boolean =>
  metric !== 'cosine' &&
  vectors.shape.every((length) => length <= 9) &&
  [vectors, queries].every(({ data }) =>
    Array.from(data).every((x) => Number.isInteger(x) && Math.abs(x) <= 2),
  );

/** Whether no score can leave the range even of 16-bit sums: one that is NaN is no hit. */
const isTame = ({ vectors, queries, metric }: Recalled): boolean =>
  [vectors, queries].every(({ data }) =>
    Array.from(data).every(
      (x) => Math.abs(x) <= 16 && (metric !== 'cosine' || Number.isInteger(x)),
    ),
  );

const agrees = (expected: number, actual: number): string | undefined =>
  Math.abs(expected - actual) <= 2 ** -4 * Math.max(expected, actual)
    ? undefined
    : `expected ${expected}, got ${actual}`;

const related =
  (relate: (input: Recalled) => Recalled | undefined): RecallLaw =>
  async (input, run) => {
    const other = relate(input);
    if (other === undefined) return inapplicable;
    const [own, its] = [(await run(input)).output.recall, (await run(other)).output.recall];
    return own === its ? undefined : `expected ${own}, got ${its}`;
  };

/** As many places as before, all of them with the first id. */
const repeated = (input: Recalled): Recalled => {
  const [, width = 0] = input.found.shape;
  const first = (i: number): number => input.found.data[Math.floor(i / width) * width] ?? 0;
  return { ...input, found: mapped(input.found, (_, i) => first(i)) };
};

/** Every id found for every query, some of them twice. */
const everything = (input: Recalled): Recalled => {
  const [count = 0] = input.vectors.shape;
  const asked = input.queries.shape[0] ?? 0;
  const row = Array.from({ length: count + 2 }, (_, i) => (i * 7) % count);
  const all = Array.from({ length: count }, (_, i) => i);
  const places = [...all, ...row.slice(0, 2)];
  const data = Array.from({ length: asked }, () => places).flat();
  return { ...input, found: tensor('int32', [asked, places.length], data) };
};

export const recallLaws: Readonly<Record<string, RecallLaw>> = {
  'does not depend on the order of what was found': related((input) => ({
    ...input,
    found: reversed(input.found),
  })),
  'counts an id that is found everywhere once': async (input, run) => {
    const { output } = await run(repeated(input));
    const most = 1 / mostFound(input);
    return output.recall <= most * (1 + 2 ** -6)
      ? undefined
      : `one id a query gives ${output.recall}, more than ${most}`;
  },
  'is 1 where everything was found': async (input, run) =>
    isTame(input) ? agrees(1, (await run(everything(input))).output.recall) : inapplicable,
  'follows a permutation of the vectors': related((input) =>
    areExact(input)
      ? {
          ...input,
          vectors: reversed(input.vectors, -2),
          found: mapped(input.found, (id) => (input.vectors.shape[0] ?? 0) - 1 - id),
        }
      : undefined,
  ),
  'is the mean over the queries': async (input, run) => {
    const [asked = 0, width = 0] = input.queries.shape;
    if (asked < 2 || !areExact(input)) return inapplicable;
    const [rows, ids] = [rowsOf(input.queries), rowsOf(input.found)];
    let sum = 0;
    for (const [q, query] of rows.entries()) {
      const alone = {
        ...input,
        queries: { ...lastBlock(input.queries), shape: [1, width], data: query },
        found: { ...input.found, shape: [1, ids[q]?.length ?? 0], data: ids[q] ?? [] },
      };
      sum += (await run(alone)).output.recall;
    }
    return agrees(sum / asked, (await run(input)).output.recall);
  },
};
