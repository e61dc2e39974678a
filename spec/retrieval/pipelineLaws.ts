import type { Law, Observed } from '../component.ts';
import { corresponding, ofWhatIsTaken, spread, type View } from '../indexes/laws.ts';
import { inapplicable, reversed } from '../laws.ts';
import { tensor } from '../tensor.ts';
import { pipelineSteps } from './pipelineAdmission.ts';
import { citedIn } from './citations.ts';
import type {
  Ingest,
  PipelineAction,
  PipelineAnswer,
  PipelineAnswers,
  PipelineScript,
} from './pipelineScript.ts';

type PipelineLaw = Law<PipelineScript, PipelineScript, PipelineAnswers>;

/** A search's scores as those of an index's one query; what is counted as one text. */
const view: View<PipelineAnswers> = ({ output, slack }) => ({
  output: {
    answers: output.answers.map(({ scores, chunkCount, documentCount, rejected, unsupported }) => ({
      ...(scores === undefined ? {} : { scores: [scores] }),
      ...(chunkCount === undefined || documentCount === undefined
        ? {}
        : { count: 2 ** 20 * documentCount + chunkCount }),
      rejected,
      unsupported,
    })),
  },
  slack: Object.fromEntries(Object.entries(slack).map(([path, own]) => [`${path}.0`, own])),
});

/** A document's chunks the other way round. */
const turned = ({ action, input }: Ingest): Ingest => ({
  action,
  input: {
    ...input,
    chunks: input.chunks.toReversed(),
    vectors: reversed(input.vectors, -2),
  },
});

/** The documents that a script begins with, none of which has to be rejected, or replaces another. */
function firstDocuments(script: PipelineScript): readonly Ingest[] {
  const steps = pipelineSteps(script, []);
  const documents = new Set<string>();
  const first: Ingest[] = [];
  for (const { request, rejection } of steps) {
    if (request.action !== 'ingest' || rejection !== undefined) break;
    if (documents.has(request.input.document)) break;
    documents.add(request.input.document);
    first.push(request);
  }
  return first;
}

/** A script that goes on with more. */
const followed = (script: PipelineScript, ...more: readonly PipelineAction[]): PipelineScript => ({
  ...script,
  actions: [...script.actions, ...more],
});

/** A query in the format of the script's own. */
const zeros = ({ open: { dimension }, actions }: PipelineScript) => {
  const ingested = actions.find(({ action }) => action === 'ingest');
  const dtype = ingested?.action === 'ingest' ? ingested.input.vectors.dtype : 'float64';
  return tensor(dtype, [dimension], new Array<number>(dimension).fill(0));
};

const leavesNothing: PipelineLaw = async (input, run) => {
  const held = pipelineSteps(input, []).at(-1)?.after;
  const [document, ids = []] = [...(held?.documents ?? [])].at(-1) ?? [];
  if (document === undefined || held === undefined) return inapplicable;
  const { output } = await run(
    followed(
      input,
      { action: 'remove', input: { document } },
      { action: 'search', input: { query: zeros(input), k: 99 } },
      { action: 'count', input: {} },
    ),
  );
  const [found, counted] = output.answers.slice(-2);
  const left = ids.find((id) => found?.ids?.includes(id));
  if (left !== undefined) return `chunk ${left} of ${JSON.stringify(document)} is still found`;
  const expected = held.chunks.size - ids.length;
  return counted?.unsupported !== undefined || counted?.chunkCount === expected
    ? undefined
    : `expected ${expected} chunks, got ${counted?.chunkCount}`;
};

/** Every citation was among what the search before the last prompt found. */
const citesWhatItFound: PipelineLaw = async (input, run) => {
  const all = [...(pipelineSteps(input, []).at(-1)?.after.chunks.keys() ?? [])];
  const answer = [...all, 98].map((id) => `[${id}]`).join(' ');
  const script = followed(input, { action: 'attribute', input: { answer } });
  const { answers } = (await run(script)).output;
  let [found, retrieved]: (readonly number[])[] = [[], []];
  for (const [i, { ids, used, citations = [], unfounded = [] }] of answers.entries()) {
    found = ids ?? found;
    retrieved = used === undefined ? (retrieved ?? []) : (found ?? []);
    const own = citations.map(({ id }) => id);
    const stray = own.find((id) => !retrieved?.includes(id));
    if (stray !== undefined) return `action ${i}: ${stray} is cited, and was not found`;
    const request = script.actions[i];
    const asked = request?.action === 'attribute' ? citedIn(request.input.answer) : [];
    const told = new Set([...own, ...unfounded]);
    if (citations.length + unfounded.length > 0 && asked.some((id) => !told.has(id)))
      return `action ${i}: a citation is neither founded nor unfounded`;
  }
  return undefined;
};

/** What a template engine would read, as what none would. */
const defused = (text: string): string => text.replaceAll('{', '(').replaceAll('$', 'S');

const plainTexts = (request: PipelineAction): PipelineAction => {
  if (request.action === 'ingest') {
    const chunks = request.input.chunks.map((one) => ({ ...one, text: defused(one.text) }));
    return { ...request, input: { ...request.input, chunks } };
  }
  return request.action === 'assemble'
    ? { ...request, input: { ...request.input, question: defused(request.input.question) } }
    : request;
};

const readsNoTemplate: PipelineLaw = async (input, run) => {
  const actions = input.actions.map(plainTexts);
  if (JSON.stringify(actions) === JSON.stringify(input.actions)) return inapplicable;
  const before = (await run(input)).output.answers;
  const after = (await run({ ...input, actions })).output.answers;
  const found = (answers: readonly PipelineAnswer[]) =>
    JSON.stringify(answers.map(({ ids }) => ids ?? []));
  if (found(before) !== found(after)) return inapplicable;
  for (const [i, { prompt }] of before.entries()) {
    const other = after[i]?.prompt;
    if (prompt === undefined || other === undefined || defused(prompt) === defused(other)) continue;
    return `action ${i}: ${JSON.stringify(prompt)}, and with other signs ${JSON.stringify(other)}`;
  }
  return undefined;
};

/** A search's answer as a text in which no bit is lost. */
const exactly = (answer: PipelineAnswer | undefined): string =>
  JSON.stringify([answer?.ids, answer?.documents, Array.from(answer?.scores?.data ?? [], String)]);

const findsTheSameTwice: PipelineLaw = async (input, run) => {
  const at = input.actions.findLastIndex(({ action }) => action === 'search');
  const request = input.actions[at];
  if (request === undefined) return inapplicable;
  const actions = input.actions.toSpliced(at, 0, request);
  const { answers }: Observed<PipelineAnswers>['output'] = (await run({ ...input, actions }))
    .output;
  const [once, again] = [exactly(answers[at]), exactly(answers[at + 1])];
  return once === again ? undefined : `${once}, and the second time ${again}`;
};

export const pipelineLaws: Readonly<Record<string, PipelineLaw>> = ofWhatIsTaken({
  'finds the same in whatever order documents came': corresponding<PipelineScript, PipelineAnswers>(
    view,
    (script) => {
      const first = firstDocuments(script);
      if (script.index === 'approximate' || first.length === 0) return undefined;
      const rest = script.actions.slice(first.length);
      return {
        script: { ...script, actions: [...first.map(turned).toReversed(), ...rest] },
        places: script.actions.map((_, i) => (i < first.length ? first.length - 1 - i : i)),
      };
    },
  ),
  'is unchanged by what it rejects': corresponding<PipelineScript, PipelineAnswers>(
    view,
    (script) => {
      const steps = pipelineSteps(script, []);
      return spread(script, (request, i) => (steps[i]?.rejection === undefined ? [request] : []));
    },
  ),
  'finds the same twice': findsTheSameTwice,
  'leaves nothing of a document that is removed': leavesNothing,
  'cites only what it found': citesWhatItFound,
  'reads no text as a template': readsNoTemplate,
});
