import { beamScore } from '../bounds/beamScore.ts';
import { leastOf } from '../extremes.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf, type IntegerTensor } from '../tensor.ts';
import {
  formRefusal,
  hypothesesOf,
  withoutPadding,
  type BeamInput,
  type Hypotheses,
  type Hypothesis,
} from './beams.ts';

/** So many beams are tried where near-ties leave a choice; what is not decided by then is accepted. */
const mostBeams = 400;

interface Replay {
  readonly input: BeamInput;
  readonly hypotheses: Hypotheses;
  /** The sequences that were found, in their order. */
  readonly found: readonly Hypothesis[];
  tried: number;
  problem: string;
}

const shown = ({ tokens }: Hypothesis): string => `[${tokens.join(', ')}]`;

/** Whether all that were kept may have been found as good as all that were not. */
function isPossible(kept: readonly Hypothesis[], dropped: readonly Hypothesis[]): boolean {
  const worst = leastOf(kept.map(({ most }) => most));
  return dropped.every(({ least }) => least <= worst);
}

/** Every choice of so many. */
function* choices<T>(from: readonly T[], count: number): Generator<readonly T[]> {
  if (count === 0) yield [];
  for (const [i, first] of count === 0 ? [] : from.entries())
    for (const rest of choices(from.slice(i + 1), count - 1)) yield [first, ...rest];
}

/** The beams that may be kept of the candidates, all of which hold what is required. */
function* keepable(
  replay: Replay,
  candidates: readonly Hypothesis[],
  required: ReadonlySet<string>,
): Generator<readonly Hypothesis[]> {
  const size = Math.min(replay.input.beams, candidates.length);
  const isIn = (one: Hypothesis) =>
    candidates.filter(({ most }) => most >= one.least).length <= size;
  const isOut = (one: Hypothesis) =>
    candidates.filter(({ least }) => least > one.most).length >= size;
  const sure = candidates.filter((one) => required.has(one.key) || isIn(one));
  const lost = sure.find(isOut);
  if (lost !== undefined || sure.length > size || size < required.size) {
    replay.problem = `${lost === undefined ? 'another hypothesis' : shown(lost)} is surely not among the ${size} best after ${candidates.find(({ ended }) => !ended)?.tokens.length ?? 'all'} tokens`;
    return;
  }
  const free = candidates
    .filter((one) => !sure.includes(one) && !isOut(one))
    .toSorted((x, y) => y.most - x.most);
  for (const others of choices(free, size - sure.length)) {
    replay.tried += 1;
    if (replay.tried > mostBeams) return;
    const kept = new Set([...sure, ...others]);
    const dropped = candidates.filter((one) => !kept.has(one));
    if (isPossible([...kept], dropped)) yield [...kept];
  }
}

/** Whether a search that holds these after so many tokens can end with what was found. */
function canEnd(replay: Replay, beam: readonly (Hypothesis | undefined)[], step: number): boolean {
  const { input, hypotheses, found } = replay;
  const candidates = beam.flatMap(hypotheses.next);
  const required = new Set(
    found.map(({ tokens }) => hypotheses.of(tokens.slice(0, step))?.key ?? ''),
  );
  const isLast = step === input.length;
  if (isLast && found.length !== Math.min(input.beams, candidates.length)) {
    replay.problem = `expected ${Math.min(input.beams, candidates.length)} sequences, got ${found.length}`;
    return false;
  }
  const isCandidate = new Set(candidates.map(({ key }) => key));
  if ([...required].some((key) => !isCandidate.has(key))) return false;
  for (const kept of keepable(replay, candidates, required))
    if (isLast || canEnd(replay, kept, step + 1)) return true;
  return replay.tried > mostBeams;
}

/** Whether a score of the input may leave the range of a format: then nothing is said of the order. */
function mayOverflow(input: BeamInput, rounding: Rounding): boolean {
  const finite = [...input.initial.data, ...input.transition.data].filter(Number.isFinite);
  const largest = finite.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return [1, input.length].some(
    (count) =>
      beamScore(new Array<number>(count).fill(largest), input.lengthPenalty, rounding).error ===
      Infinity,
  );
}

/**
 * Why no beam search ends with these sequences, or nothing. The search is run again: at every step it may keep any hypotheses of which none is
 * surely worse than one that it drops, as long as all beginnings of what was found are among them.
 */
export function beamRefusal(
  input: BeamInput,
  rounding: Rounding,
  sequences: IntegerTensor,
): string | undefined {
  const hypotheses = hypothesesOf(input, rounding);
  const form = formRefusal(input, sequences, hypotheses);
  if (form !== undefined || mayOverflow(input, rounding)) return form;
  const found = rowsOf(sequences).flatMap(
    (row) => hypotheses.of(withoutPadding(row, input.end)) ?? [],
  );
  let barrier = Infinity;
  for (const one of found) {
    if (one.least > barrier) return `${shown(one)} stands behind one that is surely worse`;
    barrier = Math.min(barrier, one.most);
  }
  const replay: Replay = { input, hypotheses, found, tried: 0, problem: 'no beam holds them all' };
  return canEnd(replay, [undefined], 1) ? undefined : replay.problem;
}
