import type { Law, Observed } from '../component.ts';
import { differ, inapplicable, mapped, metamorphic, reversed } from '../laws.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { rowsOf, type FloatTensor, type IntegerTensor, type Tensor } from '../tensor.ts';

export interface Clustering {
  readonly vectors: FloatTensor;
  readonly centroids: FloatTensor;
}
export interface Clustered {
  readonly assignments: IntegerTensor;
  readonly centroids: FloatTensor;
}
type ClusterLaw = Law<Clustering, Clustering, Clustered>;

const squared = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, value, i) => sum + (value - (y[i] ?? NaN)) ** 2, 0);

/** Σ ‖x − c‖² over all vectors and the centroids that they are assigned to. */
const objective = (
  vectors: FloatTensor,
  centroids: FloatTensor,
  { data }: IntegerTensor,
): number => {
  const rows = rowsOf(centroids);
  return rowsOf(vectors).reduce((sum, x, n) => sum + squared(x, rows[data[n] ?? -1] ?? []), 0);
};

/**
 * The mean is where Σ ‖x − c‖² of its cluster is least, and n ‖δ‖² more at δ from it. The last part is for the roundings of this sum in double.
 */
const doesNotRaiseTheObjective: ClusterLaw = async ({ vectors, centroids }, run) => {
  const { output, slack } = await run({ vectors, centroids });
  const width = centroids.shape[1] ?? 1;
  const sizes = rowsOf(centroids).map(
    (_, k) => Array.from(output.assignments.data).filter((at) => at === k).length,
  );
  const allowed = (slack['centroids'] ?? []).reduce((sum, off, i) => {
    const size = sizes[Math.floor(i / width)] ?? 0;
    return size === 0 ? sum : sum + size * off ** 2;
  }, 0);
  const before = objective(vectors, centroids, output.assignments);
  const after = objective(vectors, output.centroids, output.assignments);
  if (!Number.isFinite(before + allowed)) return inapplicable;
  return after <= before * (1 + 2 ** -40) + allowed * (1 + 2 ** -40)
    ? undefined
    : `the sum of squared distances rises from ${before} to ${after}, allowed is ${allowed} more`;
};

const keepsTheCentroidOfAnEmptyCluster: ClusterLaw = async ({ vectors, centroids }, run) => {
  const { output } = await run({ vectors, centroids });
  const used = new Set(output.assignments.data);
  const after = rowsOf(output.centroids);
  const empty = [...rowsOf(centroids).entries()].filter(([k]) => !used.has(k));
  if (empty.length === 0) return inapplicable;
  const wrong = empty.find(([k, row]) => row.some((x, i) => !Object.is(x, after[k]?.[i])));
  return wrong && `centroid ${wrong[0]}: ${wrong[1]} became ${after[wrong[0]]}`;
};

/** Nothing follows where near-ties were decided otherwise. */
const sameAssignments = (x: Observed<Clustered>, y: Observed<Clustered>): boolean =>
  differ(x.output.assignments.data, y.output.assignments.data, () => 0) === undefined;

const movesWithEverything: ClusterLaw = async (input, run) => {
  const by = 8;
  const [vectors, centroids] = [
    shiftedExactly(input.vectors, by),
    shiftedExactly(input.centroids, by),
  ];
  if (vectors === undefined || centroids === undefined) return inapplicable;
  const before = await run(input);
  const after = await run({ vectors, centroids });
  if (!sameAssignments(before, after)) return inapplicable;
  return differ(
    Array.from(before.output.centroids.data, (x) => x + by),
    after.output.centroids.data,
    (i) => (before.slack['centroids']?.[i] ?? 0) + (after.slack['centroids']?.[i] ?? 0),
  );
};

/** A change of the input, and what it changes of each output. */
const following = (
  change: (input: Clustering) => Clustering,
  outputs: Readonly<Record<string, (source: Tensor, input: Clustering) => Tensor>>,
): ClusterLaw =>
  metamorphic((input) => ({
    input: change(input),
    output: (source, field) => outputs[field]?.(source, input) ?? source,
  }));

export const clusterLaws: Readonly<Record<string, ClusterLaw>> = {
  'does not raise the sum of squared distances': doesNotRaiseTheObjective,
  'keeps the centroid of an empty cluster': keepsTheCentroidOfAnEmptyCluster,
  'follows a permutation of the vectors': following(
    ({ vectors, centroids }) => ({ vectors: reversed(vectors, -2), centroids }),
    { assignments: (source) => reversed(source) },
  ),
  'follows a new numbering of the centroids': following(
    ({ vectors, centroids }) => ({ vectors, centroids: reversed(centroids, -2) }),
    {
      assignments: (source, { centroids }) =>
        mapped(source, (k) => (centroids.shape[0] ?? 1) - 1 - k),
      centroids: (source) => reversed(source, -2),
    },
  ),
  'follows a permutation of the components': following(
    ({ vectors, centroids }) => ({ vectors: reversed(vectors), centroids: reversed(centroids) }),
    { centroids: (source) => reversed(source) },
  ),
  'moves with everything': movesWithEverything,
};
