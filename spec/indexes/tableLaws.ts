import type { Law, Observed } from '../component.ts';
import { differ, inapplicable, mapped, metamorphic, rearranged, reversed } from '../laws.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { rowsOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { mostCentroids, namedCentroids } from './codebooks.ts';

export interface Lookup {
  readonly codebooks: FloatTensor;
  readonly codes: IntegerTensor;
  readonly queries: FloatTensor;
}
export interface Distances {
  readonly distances: FloatTensor;
}
type LookupLaw = Law<Lookup, Lookup, Distances>;

/** The vectors that codes stand for. */
const decoded = ({ codebooks, codes, queries }: Lookup): FloatTensor =>
  tensor(
    codebooks.dtype,
    [codes.shape[0] ?? 0, queries.shape[1] ?? 0],
    namedCentroids(codebooks, codes).flat(2),
  );

/** One codebook of whole vectors in place of several: the decoded vectors, each a centroid with its own code. */
function wholeVectors(input: Lookup): Lookup | undefined {
  const vectors = decoded(input);
  const [count = 0, width = 0] = vectors.shape;
  if (count === 0 || count > mostCentroids) return undefined;
  const codes = Array.from({ length: count }, (_, n) => n);
  return {
    ...input,
    codebooks: { ...vectors, shape: [1, count, width] },
    codes: tensor('uint8', [count, 1], codes),
  };
}

/** One subvector by itself. */
function part({ codebooks, codes, queries }: Lookup, m: number): Lookup {
  const [books = 1, centroids = 0, width = 0] = codebooks.shape;
  const [count, asked] = [codes.shape[0] ?? 0, queries.shape[0] ?? 0];
  return {
    codebooks: rearranged(codebooks, [1, centroids, width], (i) => m * centroids * width + i),
    codes: rearranged(codes, [count, 1], (n) => n * books + m),
    queries: rearranged(
      queries,
      [asked, width],
      (i) => (Math.floor(i / width) * books + m) * width + (i % width),
    ),
  };
}

const addsUp: LookupLaw = async (input, run) => {
  const books = input.codebooks.shape[0] ?? 1;
  if (books < 2) return inapplicable;
  const parts: Observed<Distances>[] = [];
  for (let m = 0; m < books; m += 1) parts.push(await run(part(input, m)));
  const { output, slack } = await run(input);
  const totals = Array.from(output.distances.data, (_, i) => ({
    value: parts.reduce((sum, one) => sum + (one.output.distances.data[i] ?? NaN), 0),
    slack: parts.reduce((sum, one) => sum + (one.slack['distances']?.[i] ?? NaN), 0),
  }));
  return differ(
    output.distances.data,
    totals.map(({ value }) => value),
    (i) => (slack['distances']?.[i] ?? 0) + (totals[i]?.slack ?? 0),
  );
};

/** What is asked for are the decoded vectors themselves. */
const isZeroToItself: LookupLaw = async (input, run) => {
  const count = input.codes.shape[0] ?? 0;
  if (count === 0) return inapplicable;
  const { output, slack } = await run({ ...input, queries: decoded(input) });
  const own = Array.from({ length: count }, (_, n) => n * count + n);
  return differ(
    own.map((at) => output.distances.data[at] ?? NaN),
    own.map(() => 0),
    (n) => slack['distances']?.[own[n] ?? 0] ?? 0,
  );
};

const unchanged = <T>(source: T): T => source;

export const tableLaws: Readonly<Record<string, LookupLaw>> = {
  'is the distance to the decoded vector': metamorphic((input) => {
    const whole = wholeVectors(input);
    return whole && { input: whole, output: unchanged };
  }),
  'adds up over the subvectors': addsUp,
  'is zero between a decoded vector and its codes': isZeroToItself,
  'is unchanged when the centroids are numbered anew': metamorphic((input) => ({
    input: {
      ...input,
      codebooks: reversed(input.codebooks, -2),
      codes: mapped(input.codes, (code) => (input.codebooks.shape[1] ?? 0) - 1 - code),
    },
    output: unchanged,
  })),
  'is unchanged by moving queries and codebooks alike': metamorphic((input) => {
    const [codebooks, queries] = [
      shiftedExactly(input.codebooks, 8),
      shiftedExactly(input.queries, 8),
    ];
    return codebooks && queries && { input: { ...input, codebooks, queries }, output: unchanged };
  }),
  'answers each query by itself': metamorphic((input) => {
    const [asked = 0, width = 0] = input.queries.shape;
    const count = input.codes.shape[0] ?? 0;
    if (asked < 2) return undefined;
    const last = tensor(input.queries.dtype, [1, width], rowsOf(input.queries).at(-1) ?? []);
    return {
      input: { ...input, queries: last },
      output: (source) => rearranged(source, [1, count], (i) => (asked - 1) * count + i),
    };
  }),
  'follows a permutation of the codes': metamorphic((input) => ({
    input: { ...input, codes: reversed(input.codes, -2) },
    output: (source) => reversed(source),
  })),
};
