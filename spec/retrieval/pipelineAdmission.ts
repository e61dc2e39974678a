import type { Arithmetic } from '../arithmetic.ts';
import { heldBetween } from '../bounds/cutoffs.ts';
import { rangeOf, scoreError, type Range } from '../bounds/ranking.ts';
import type { Misplaced, Part } from '../component.ts';
import { candidatesOf, idsRefusal, rankingRefusal } from '../indexes/admission.ts';
import { answersRefusal } from '../indexes/answers.ts';
import type { Opening } from '../indexes/script.ts';
import type { Rounding } from '../numerics.ts';
import {
  afterAction,
  indexQuestion,
  nothingIngested,
  pipelineRejection,
  type PipelineState,
} from './pipelineState.ts';
import type { PipelineAction, PipelineAnswer, PipelineScript, Search } from './pipelineScript.ts';

/** The fields that the answer to each action has. */
const answered = {
  ingest: [],
  remove: [],
  search: ['ids', 'scores', 'documents'],
  assemble: ['prompt', 'used'],
  attribute: ['citations', 'unfounded'],
  count: ['chunkCount', 'documentCount'],
} as const;

/** What of an answer decides how a script goes on. */
type Decided = Pick<PipelineAnswer, 'ids' | 'used' | 'unsupported'>;

/** One action: what was held before it, why it has to be rejected, if so, and what was held after it. */
export interface PipelineStep {
  readonly request: PipelineAction;
  readonly before: PipelineState;
  readonly rejection: string | undefined;
  readonly after: PipelineState;
}

/** All actions of a script that was answered so. What was not carried out changed nothing. */
export function pipelineSteps(
  { open, actions }: PipelineScript,
  answers: readonly Decided[],
): readonly PipelineStep[] {
  let after: PipelineState = nothingIngested;
  return actions.map((request, i) => {
    const [before, answer] = [after, answers[i] ?? {}];
    const rejection = pipelineRejection(open, before, request, Number.isFinite);
    if (rejection === undefined && answer.unsupported === undefined)
      after = afterAction(before, request, answer);
    return { request, before, rejection, after };
  });
}

/** Whether a score reaches a threshold: surely, surely not, or as an implementation finds it. */
type Reach = 'surely' | 'either' | 'never';

/** The distance d is at most t where −d² ≥ −t², which is how a distance is enclosed; no distance is below 0. */
function reachOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  { metric }: Opening,
  { least, most }: Range<N>,
  threshold: number | undefined,
): Reach {
  if (threshold === undefined) return 'surely';
  const held = heldBetween(rounding, threshold);
  if (metric === 'euclidean') {
    if (held.most < 0) return 'never';
    const lowest = (distance: number): N =>
      a.negate(a.multiply(a.from(distance), a.from(distance)));
    if (a.compare(most, lowest(held.most)) < 0) return 'never';
    return held.least >= 0 && a.compare(least, lowest(held.least)) >= 0 ? 'surely' : 'either';
  }
  if (a.compare(most, a.from(held.least)) < 0) return 'never';
  return a.compare(least, a.from(held.most)) >= 0 ? 'surely' : 'either';
}

interface Asked {
  readonly input: PipelineScript;
  readonly rounding: Rounding;
}

/** What is wrong with what a search found, or with what it left out where that is promised to be the exact answer. */
function searchRefusal<N>(
  a: Arithmetic<N>,
  { input: { open, index }, rounding }: Asked,
  { index: state, chunks }: PipelineState,
  search: Search['input'],
  { ids = [], scores }: PipelineAnswer,
): { readonly part: Part; readonly problem: string } | undefined {
  const [query, question] = [Array.from(search.query.data), indexQuestion({ chunks }, search)];
  const vectors = new Map(
    candidatesOf(state, question).map((id) => [id, state.vectors.get(id) ?? []]),
  );
  const reachFor = (vector: readonly number[]): Reach => {
    const range = rangeOf(a, rounding, open.metric, query, vector);
    return reachOf(a, rounding, open, range, search.threshold);
  };
  const reach = new Map([...vectors].map(([id, vector]) => [id, reachFor(vector)]));
  const ranked = (among: readonly number[]): string | undefined => {
    const candidates = new Map(among.map((id) => [id, vectors.get(id) ?? []]));
    return rankingRefusal(a, rounding, open, query, ids, candidates);
  };
  const far = ids.find((id) => reach.get(id) === 'never');
  const wrong =
    idsRefusal(state, question, ids, scores?.data ?? []) ??
    (far === undefined ? ranked(ids) : `${far} is surely beyond the threshold ${search.threshold}`);
  if (wrong !== undefined) return { part: 'always', problem: wrong };
  if (index === 'approximate') return undefined;
  const sure = [...reach.values()].filter((one) => one === 'surely').length;
  const least = Math.min(search.k, sure);
  if (ids.length < least)
    return { part: 'exact', problem: `expected ${least} or more, got ${ids.length}` };
  const missed = ids.length === 0 ? undefined : ranked([...vectors.keys()]);
  return missed === undefined ? undefined : { part: 'exact', problem: missed };
}

/**
 * Why answers are none that a sound pipeline can give, or nothing. What a search finds is judged as an index is; what follows from it (prompt, used,
 * citations) is exact given what was found, and left to the reference.
 */
export function pipelineAdmission<N>(
  a: Arithmetic<N>,
  asked: Asked & {
    readonly output: { readonly answers: readonly PipelineAnswer[] };
    readonly judged?: (part: Part) => void;
  },
): string | Misplaced | undefined {
  const { input, output, judged } = asked;
  const steps = pipelineSteps(input, output.answers);
  return answersRefusal(steps, output.answers, answered, {
    judged,
    countsItself: () => false,
    refusal: ({ request, before }, answer) => {
      if (request.action !== 'search') return undefined;
      const refusal = searchRefusal(a, asked, before, request.input, answer);
      if (refusal !== undefined) return `${refusal.part}: ${refusal.problem}`;
      if (input.index !== 'approximate') judged?.('exact');
      return undefined;
    },
  });
}

/** How far every score may be off, by its path in the answers: as in nearestNeighbors, for the chunks that were found. */
export const pipelineScoreBounds = <N>(
  { from }: Arithmetic<N>,
  input: PipelineScript,
  rounding: Rounding,
  answers: readonly Decided[],
): Readonly<Record<string, readonly N[]>> =>
  Object.fromEntries(
    pipelineSteps(input, answers).flatMap(({ request, before }, i) => {
      if (request.action !== 'search') return [];
      const query = Array.from(request.input.query.data);
      const error = (id: number): N =>
        from(scoreError(rounding, input.open.metric, query, before.index.vectors.get(id) ?? []));
      return [[`answers.${i}.scores`, (answers[i]?.ids ?? []).map(error)]];
    }),
  );
