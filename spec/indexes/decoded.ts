import { codeError, directed, lengthOf, measured, reachOf, strayed } from '../bounds/codeScores.ts';
import type { CodeSizes } from '../bounds/codeScores.ts';
import type { Metric } from '../bounds/ranking.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf } from '../tensor.ts';
import type { IvfOpening } from './ivfFlatIndex.ts';
import type { IndexAnswers, IndexScript, Question, Rows } from './script.ts';
import { stepsOf, type State } from './state.ts';

type Row = readonly number[];

export interface PqOpening extends IvfOpening {
  readonly subvectors: number;
  readonly centroids: number;
}

/** What one score says of the vector that a code stands for: its product with `query`, or its squared distance from it, within the error. */
interface Observation {
  readonly query: Row;
  readonly value: number;
  readonly error: number;
}

/** A vector from when it is added until it is replaced or removed, and what all scores say of its code. */
export interface Life {
  readonly id: number;
  readonly added: Row;
  /** What was added; over its length for cosine. */
  readonly vector: Row;
  readonly observations: readonly Observation[];
}

/** What a code stands for, as scores tell: between center − radius and center + radius in every component. */
export interface Decoded {
  readonly life: Life;
  readonly center: Row;
  readonly radius: Row;
}

const longestOf = (rows: readonly Row[]): number =>
  rows.reduce((most, row) => Math.max(most, lengthOf(row)), 0);

/** Whether a length of the training set may be none that the format holds: what becomes of such directions nobody knows. */
const isFaint = ({ normal, largest }: Rounding, row: Row): boolean => {
  const square = lengthOf(row) ** 2;
  return row.some((x) => x !== 0) && !(square >= 4 * normal && square <= largest / 4);
};

/** The sizes that hold for every score of a script: those of its training set and of all that it adds. */
export function sizesOf(
  rounding: Rounding,
  { open, actions }: Pick<IndexScript<PqOpening>, 'open' | 'actions'>,
): CodeSizes {
  const { dimension, subvectors, metric, training } = open;
  const added = actions.flatMap((request) =>
    request.action === 'add' ? rowsOf(request.input.vectors) : [],
  );
  const finite = added.filter((row) => row.every(Number.isFinite));
  const longest = longestOf([...rowsOf(training), ...finite]);
  const isLost = metric === 'cosine' && rowsOf(training).some((row) => isFaint(rounding, row));
  const reach = reachOf(metric, longest, strayed(rounding, training.shape[0] ?? 0));
  return { dimension, subvectors, reach: isLost ? Infinity : reach };
}

/** A query that was answered, what the index held then, and how far its scores may be off. */
export interface Answered {
  readonly i: number;
  readonly q: number;
  readonly query: readonly number[];
  readonly search: Question<Rows<number>>;
  readonly state: State;
  readonly error: number;
}

/** Every query of a script that was answered. */
export function* queriesOf(
  rounding: Rounding,
  input: IndexScript<PqOpening>,
  answers: readonly { readonly unsupported?: string | undefined }[],
): Generator<Answered> {
  const sizes = sizesOf(rounding, input);
  for (const [i, step] of stepsOf(input, answers, Number.isFinite).entries()) {
    const { request, rejection, before: state } = step;
    if (request.action !== 'search' || rejection !== undefined) continue;
    for (const [q, query] of rowsOf(request.input.queries).entries()) {
      const error = codeError(rounding, input.open.metric, query, sizes);
      yield { i, q, query, search: request.input, state, error };
    }
  }
}

/** Everything that the scores of a script say, by the vector that was added. What was loaded is what was saved. */
export function livesOf(
  rounding: Rounding,
  metric: Metric,
  queries: readonly Answered[],
  answers: IndexAnswers['answers'],
): readonly Life[] {
  const lives = new Map<Row, Life & { readonly observations: Observation[] }>();
  for (const { i, q, query, state, error } of queries) {
    const asked = directed(metric, query);
    for (const [place, id] of (answers[i]?.ids?.[q] ?? []).entries()) {
      const added = state.vectors.get(id);
      const score = answers[i]?.scores?.[q]?.data[place] ?? NaN;
      if (added === undefined || error === Infinity) continue;
      const fresh = { id, added, vector: directed(metric, added), observations: [] };
      const life = lives.get(added) ?? fresh;
      lives.set(added, life);
      life.observations.push({ query: asked, ...measured(rounding, metric, error, score) });
    }
  }
  return [...lives.values()];
}

/** One component of what a code stands for, and how far off it may be. */
type Component = readonly [center: number, radius: number];

/** The axis that a query lies on, if it lies on one. */
const axisOf = (query: Row): number | undefined => {
  const axes = query.flatMap((x, d) => (x === 0 ? [] : [d]));
  return axes.length === 1 ? axes[0] : undefined;
};

/** ⟨t e_d, y⟩ = t y_d; ‖t e_d − y‖² = t² − 2 t y_d + ‖y‖², where ‖y‖² is the squared distance from zero. */
function componentOf(
  metric: Metric,
  { value, error }: Observation,
  t: number,
  zero: Observation | undefined,
): Component | undefined {
  if (metric !== 'euclidean') return [value / t, error / Math.abs(t)];
  if (zero === undefined) return undefined;
  const blur = (t ** 2 + value + zero.value) * 2 ** -50;
  return [
    (t ** 2 - (value - zero.value)) / (2 * t),
    (error + zero.error + blur) / (2 * Math.abs(t)),
  ];
}

/** What a code stands for, where queries on all axes were asked for it, and zero for euclidean. */
export function decodedOf(metric: Metric, dimension: number, life: Life): Decoded | undefined {
  const zero = life.observations.find(({ query }) => query.every((x) => x === 0));
  const found = new Map<number, Component>();
  for (const observation of life.observations) {
    const axis = axisOf(observation.query);
    if (axis === undefined) continue;
    const component = componentOf(metric, observation, observation.query[axis] ?? NaN, zero);
    const known = found.get(axis)?.[1] ?? Infinity;
    if (component !== undefined && component[1] < known) found.set(axis, component);
  }
  if (found.size < dimension) return undefined;
  const components = Array.from({ length: dimension }, (_, d) => found.get(d) ?? [NaN, Infinity]);
  return {
    life,
    center: components.map(([center]) => center ?? NaN),
    radius: components.map(([, radius]) => radius ?? Infinity),
  };
}

/** The least and the most that a squared distance from a point can be; in these components alone. */
export function squaresFrom(point: Row, { center, radius }: Pick<Decoded, 'center' | 'radius'>) {
  let [least, most] = [0, 0];
  for (const [d, x] of point.entries()) {
    const [away, r] = [Math.abs(x - (center[d] ?? NaN)), radius[d] ?? Infinity];
    least += Math.max(0, away - r) ** 2;
    most += (away + r) ** 2;
  }
  return { least, most };
}

/** Between what a score of what the code stands for lies: its square for euclidean. */
export function scoreRange(
  metric: Metric,
  query: Row,
  decoded: Pick<Decoded, 'center' | 'radius'>,
) {
  if (metric === 'euclidean') {
    const { least, most } = squaresFrom(query, decoded);
    return { least: least - most * 2 ** -44, most: most * (1 + 2 ** -44) };
  }
  const { center, radius } = decoded;
  const terms = query.map((x, d) => (x === 0 ? 0 : x * (center[d] ?? NaN)));
  const wide = query.map((x, d) => (x === 0 ? 0 : Math.abs(x) * (radius[d] ?? Infinity)));
  const whole = terms.reduce((sum, x) => sum + x, 0);
  const blur = terms.reduce((sum, x) => sum + Math.abs(x), 0) * 2 ** -44;
  const off = wide.reduce((sum, x) => sum + x, blur);
  return { least: whole - off, most: whole + off };
}

/** A score that is none of what the code stands for. */
export const strayScore = (metric: Metric, decoded: Decoded): Observation | undefined =>
  decoded.life.observations.find(({ query, value, error }) => {
    const { least, most } = scoreRange(metric, query, decoded);
    return !(value + error >= least && value - error <= most);
  });
