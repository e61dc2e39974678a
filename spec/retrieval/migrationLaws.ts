import type { Law } from '../component.ts';
import { corresponding, ofWhatIsTaken, spread, turned, type View } from '../indexes/laws.ts';
import { inapplicable } from '../laws.ts';
import { rowsOf, tensor } from '../tensor.ts';
import { migrationSteps } from './migrationState.ts';
import type {
  MigrationAnswer,
  MigrationAnswers,
  MigrationScript,
  SearchIn,
} from './migrationScript.ts';

type MigrationLaw = Law<MigrationScript, MigrationScript, MigrationAnswers>;

const view: View<MigrationAnswers> = ({ output, slack }) => ({
  output: {
    answers: output.answers.map(({ ids, scores, counts, rejected, unsupported }) => ({
      ids,
      scores,
      count: counts?.reduce((sum, one) => 2 ** 12 * sum + one, 0),
      rejected,
      unsupported,
    })),
  },
  slack,
});

const stepsOf = (script: MigrationScript) => migrationSteps(script, [], Number.isFinite);

/** What a search answered, as a text in which no bit is lost. */
const exactly = ({ ids, scores = [] }: MigrationAnswer = {}): string =>
  JSON.stringify([ids, scores.map(({ data }) => Array.from(data, String))]);

/** The last search that is carried out, with its place, and the version that it names. */
function lastSearch(script: MigrationScript) {
  const steps = stepsOf(script);
  const at = steps.findLastIndex(
    ({ searched, rejection }) => searched !== undefined && rejection === undefined,
  );
  const [step, request] = [steps[at], script.actions[at]];
  return step === undefined || request?.action !== 'search' ? undefined : { at, step, request };
}

/** The first of a query's numbers, as a vector of any width: as near to it as can be where the widths are equal. */
const copies = (request: SearchIn, width: number, count: number) => {
  const [query = []] = rowsOf(request.input.queries);
  const row = Array.from({ length: width }, (_, i) => query[i] ?? 1);
  return tensor(request.input.queries.dtype, [count, width], new Array(count).fill(row).flat());
};

/** Before the last search, something that would be found is added to every version but the one that is searched. */
const keepsApart: MigrationLaw = async (input, run) => {
  const last = lastSearch(input);
  if (last === undefined) return inapplicable;
  const { at, step, request } = last;
  const { version: own = step.before.active } = request.input;
  const ids = [0, 3, 11];
  const more = input.open.versions
    .filter(({ name }) => name !== own)
    .map(({ name: version, dimension }) => ({
      action: 'add' as const,
      input: { version, ids, vectors: copies(request, dimension, ids.length) },
    }));
  const before = (await run(input)).output.answers;
  const actions = [...input.actions.slice(0, at), ...more, ...input.actions.slice(at)];
  const after = (await run({ ...input, actions })).output;
  const [one, other] = [exactly(before[at]), exactly(after.answers[at + more.length])];
  return one === other ? undefined : `${one}, and after others were added to ${other}`;
};

/** A search by the name of the active version is the search that names none. */
const searchesTheActive: MigrationLaw = async (input, run) => {
  const last = lastSearch(input);
  if (last === undefined || last.request.input.version !== undefined) return inapplicable;
  const { at, step, request } = last;
  const named = { ...request, input: { ...request.input, version: step.before.active } };
  const { answers } = (await run({ ...input, actions: input.actions.toSpliced(at, 0, named) }))
    .output;
  const [one, other] = [exactly(answers[at]), exactly(answers[at + 1])];
  return one === other ? undefined : `${one} by its name, and ${other} without`;
};

/** Each version is asked what it lacks, and then made active. */
const activatesTheComplete: MigrationLaw = async (input, run) => {
  const names = input.open.versions.map(({ name: version }) => ({ version }));
  const asked = names.flatMap((one) => [
    { action: 'missing', input: one } as const,
    { action: 'activate', input: one } as const,
  ]);
  const { answers } = (await run({ ...input, actions: [...input.actions, ...asked] })).output;
  const start = input.actions.length;
  for (const [i, { version }] of names.entries()) {
    const [told, done] = [answers[start + 2 * i], answers[start + 2 * i + 1]];
    if (told?.missing === undefined || done?.unsupported !== undefined) continue;
    const isComplete = told.missing.length === 0;
    if (isComplete !== (done?.rejected === undefined))
      return `${version} lacks ${told.missing.length}, and is ${isComplete ? 'not ' : ''}made active`;
  }
  return undefined;
};

export const migrationLaws: Readonly<Record<string, MigrationLaw>> = ofWhatIsTaken({
  'answers as before, bit for bit, when another version is added to': keepsApart,
  'searches the active version where none is named': searchesTheActive,
  'activates a version that lacks nothing, and no other': activatesTheComplete,
  'is unchanged by what it rejects': corresponding<MigrationScript, MigrationAnswers>(
    view,
    (script) => {
      const steps = stepsOf(script);
      return spread(script, (request, i) => (steps[i]?.rejection === undefined ? [request] : []));
    },
  ),
  'is unchanged by a search': corresponding<MigrationScript, MigrationAnswers>(view, (script) =>
    spread(script, (request) => (request.action === 'search' ? [request, request] : [request])),
  ),
  'finds the same in whatever order vectors came': corresponding<MigrationScript, MigrationAnswers>(
    view,
    (script) =>
      spread(script, (request) => [
        request.action === 'add' ? { ...request, input: turned(request.input) } : request,
      ]),
  ),
});
