import type { Law, Observed } from '../component.ts';
import { inapplicable, reversed } from '../laws.ts';
import { rowsOf, tensor } from '../tensor.ts';
import type {
  Action,
  Add,
  IndexAnswer,
  IndexAnswers,
  IndexScript,
  Opening,
  Search,
} from './script.ts';
import { stepsOf } from './state.ts';

type IndexLaw<O extends Opening> = Law<IndexScript<O>, IndexScript<O>, IndexAnswers>;

/** The script of any session. */
interface Script {
  readonly actions: readonly object[];
}
type ActionOf<S extends Script> = S['actions'][number];

/** The answers to the actions that a script has in common with another: their places in either. */
interface Correspondence<S extends Script> {
  readonly script: S;
  /** For each action, where its answer stands among those to the other script. */
  readonly places: readonly (number | undefined)[];
}

const slackAt = ({ slack }: Observed<IndexAnswers>, i: number, q: number): readonly number[] =>
  slack[`answers.${i}.scores.${q}`] ?? [];

/** Where the ith best scores of two searches differ by more than both may be off, or nothing. */
function scoresDiffer(
  [left, i]: readonly [Observed<IndexAnswers>, number],
  [right, j]: readonly [Observed<IndexAnswers>, number],
): string | undefined {
  const [own, other] = [left.output.answers[i], right.output.answers[j]];
  for (const [q, { data }] of (own?.scores ?? []).entries()) {
    const others = other?.scores?.[q]?.data ?? [];
    if (others.length !== data.length)
      return `query ${q}: found ${data.length} and ${others.length}`;
    const slack = [...slackAt(left, i, q), ...slackAt(right, j, q)];
    const allowed = 2 * slack.reduce((x, y) => Math.max(x, y), 0) * (1 + 2 ** -40);
    const at = Array.from(data).findIndex(
      (x, place) => x !== others[place] && !(Math.abs(x - (others[place] ?? NaN)) <= allowed),
    );
    if (at >= 0 && allowed < Infinity)
      return `query ${q}, place ${at}: ${data[at]} and ${others[at]} differ by more than ${allowed}`;
  }
  return undefined;
}

const outcome = ({ rejected, unsupported, count }: IndexAnswer = {}): string =>
  rejected !== undefined
    ? 'rejected'
    : unsupported !== undefined
      ? 'unsupported'
      : `carried out${count === undefined ? '' : `, count ${count}`}`;

/** What of a session's answers is compared: scores by query, and what is counted. */
export type View<T> = (observed: Observed<T>) => Observed<IndexAnswers>;

/** A changed script in which corresponding actions have the same answers, as far as scores and counts go. */
export const corresponding =
  <S extends Script, T>(
    view: View<T>,
    change: (script: S) => Correspondence<S> | undefined,
  ): Law<S, S, T> =>
  async (input, run) => {
    const changed = change(input);
    if (changed === undefined) return inapplicable;
    const before = view(await run(input));
    const after = view(await run(changed.script));
    for (const [i, place] of changed.places.entries()) {
      if (place === undefined) continue;
      const [own, other] = [before.output.answers[i], after.output.answers[place]];
      if (outcome(own) !== outcome(other))
        return `action ${i}: ${outcome(own)}, and ${outcome(other)} in the other script`;
      const problem = scoresDiffer([before, i], [after, place]);
      if (problem !== undefined) return `action ${i}: ${problem}`;
    }
    return undefined;
  };

/** A script in which each action is replaced by some. */
export function spread<S extends Script>(
  script: S,
  replace: (request: ActionOf<S>, i: number) => readonly ActionOf<S>[],
): Correspondence<S> | undefined {
  const { actions } = script;
  const parts = actions.map(replace);
  const isSame = (part: readonly ActionOf<S>[], i: number) =>
    part.length === 1 && part[0] === actions[i];
  if (parts.every(isSame)) return undefined;
  let length = 0;
  const places = parts.map((part) => {
    length += part.length;
    return part.length === 0 ? undefined : length - 1;
  });
  return { script: { ...script, actions: parts.flat() }, places };
}

/** Laws that say nothing where an action was not taken: what comes after it is another story than the script's. */
export const ofWhatIsTaken = <I, R, A extends { readonly unsupported?: string | undefined }>(
  laws: Readonly<Record<string, Law<I, R, { readonly answers: readonly A[] }>>>,
): Readonly<Record<string, Law<I, R, { readonly answers: readonly A[] }>>> =>
  Object.fromEntries(
    Object.entries(laws).map(([title, law]) => [
      title,
      async (input, run) => {
        let isWhole = true;
        const violation = await law(input, async (script) => {
          const observed = await run(script);
          isWhole &&= observed.output.answers.every(({ unsupported }) => unsupported === undefined);
          return observed;
        });
        return isWhole ? violation : inapplicable;
      },
    ]),
  );

const asItIs: View<IndexAnswers> = (observed) => observed;

const isBatch = (request: Action): request is Search =>
  request.action === 'search' && (request.input.queries.shape[0] ?? 0) > 1;

/** The scores of one query of one answer, as an observation of its own. */
const only = (
  observed: Observed<IndexAnswers>,
  i: number,
  q: number,
): readonly [Observed<IndexAnswers>, number] => {
  const row = observed.output.answers[i]?.scores?.[q];
  return [
    {
      output: { answers: [row === undefined ? {} : { scores: [row] }] },
      slack: { 'answers.0.scores.0': slackAt(observed, i, q) },
    },
    0,
  ];
};

/** Each query of the last search of several, by itself. */
const oneByOne =
  <O extends Opening>(): IndexLaw<O> =>
  async (input, run) => {
    const at = input.actions.findLastIndex(isBatch);
    const batch = input.actions[at];
    if (batch === undefined || !isBatch(batch)) return inapplicable;
    const { queries } = batch.input;
    const singles = rowsOf(queries).map((query) => ({
      ...batch,
      input: { ...batch.input, queries: tensor(queries.dtype, [1, query.length], query) },
    }));
    const whole = await run(input);
    const parts = await run({
      ...input,
      actions: [...input.actions.slice(0, at), ...singles, ...input.actions.slice(at + 1)],
    });
    for (const q of singles.keys()) {
      const problem = scoresDiffer(only(whole, at, q), only(parts, at + q, 0));
      if (problem !== undefined) return `query ${q} by itself: ${problem}`;
    }
    return undefined;
  };

/** What holds of every index, whatever it promises. */
export const indexLaws = <O extends Opening>(): Readonly<Record<string, IndexLaw<O>>> => ({
  'answers each query by itself': oneByOne(),
  'is unchanged by a search': corresponding(asItIs, (script: IndexScript<O>) =>
    spread(script, (request) => (request.action === 'search' ? [request, request] : [request])),
  ),
  'is unchanged by what it rejects': corresponding(asItIs, (script: IndexScript<O>) => {
    const steps = stepsOf(script, [], Number.isFinite);
    return spread(script, (request, i) => (steps[i]?.rejection === undefined ? [request] : []));
  }),
});

/** Vectors that are added together, in the other order. */
export const turned = <I extends Add['input']>(input: I): I =>
  input.ids.length === input.vectors.shape[0]
    ? { ...input, ids: input.ids.toReversed(), vectors: reversed(input.vectors, -2) }
    : input;

/** What holds besides of one that finds the exact answer. */
export const exactIndexLaws = <O extends Opening>(): Readonly<Record<string, IndexLaw<O>>> => ({
  ...indexLaws<O>(),
  'finds the same in whatever order vectors came': corresponding(asItIs, (script: IndexScript<O>) =>
    spread(script, (request) => [
      request.action === 'add' ? { ...request, input: turned(request.input) } : request,
    ]),
  ),
});
