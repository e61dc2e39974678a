import { isWellFormed } from '../codePoints.ts';
import type { Opening, Question, Rows } from '../indexes/script.ts';
import { empty, rejectionOf as indexRejection, type State } from '../indexes/state.ts';
import { rowsOf } from '../tensor.ts';
import { citedIn } from './citations.ts';
import { promptAssembly } from './promptAssembly.ts';
import type {
  Assemble,
  Chunk,
  Citation,
  Ingest,
  PipelineAction,
  PipelineAnswer,
  Property,
  Search,
} from './pipelineScript.ts';

/** A chunk, and the document that it is from. */
export interface HeldChunk extends Chunk {
  readonly document: string;
}

/** What a pipeline holds: its index, its chunks in the order in which they came, and what the last search and the last prompt left of themselves. */
export interface PipelineState<E = number> {
  readonly index: State<E>;
  readonly chunks: ReadonlyMap<number, HeldChunk>;
  /** The chunks of each document. */
  readonly documents: ReadonlyMap<string, readonly number[]>;
  /** What the last search found, best first, without what has gone since. */
  readonly retrieved?: readonly number[];
  /** What stood in the last prompt, without what has gone since. */
  readonly prompted?: readonly number[];
}

export const nothingIngested = {
  index: empty,
  chunks: new Map<number, never>(),
  documents: new Map<string, never>(),
};

/** Whether a chunk has every property of a filter. */
export const passes = ({ metadata }: Chunk, filter: readonly Property[] = []): boolean =>
  filter.every((wanted) =>
    metadata.some(({ key, value }) => key === wanted.key && value === wanted.value),
  );

/** What the index is asked: one query, and of a filter the ids that pass it. */
export const indexQuestion = <E>(
  { chunks }: Pick<PipelineState, 'chunks'>,
  { query, k, filter }: Search<Rows<E>>['input'],
): Question<Rows<E>> => ({
  queries: { shape: [1, ...query.shape], data: query.data },
  k,
  ...(filter === undefined
    ? {}
    : {
        allowedIds: [...chunks.values()]
          .filter((chunk) => passes(chunk, filter))
          .map(({ id }) => id),
      }),
});

/** What promptAssembly is given: the chunks that were found and are still there, each with its id in front, by which an answer may cite it. */
export const promptInput = (
  { chunks, retrieved = [] }: Pick<PipelineState, 'chunks' | 'retrieved'>,
  { question, template, budget }: Assemble['input'],
) => ({
  template,
  question,
  documents: retrieved.flatMap((id) => {
    const found = chunks.get(id);
    return found === undefined ? [] : [{ id, text: `[${id}] ${found.text}` }];
  }),
  budget,
});

/** The chunks that an answer cites, once each, by whether they stood in the last prompt. */
export function attributed(
  { chunks, prompted = [] }: Pick<PipelineState, 'chunks' | 'prompted'>,
  answer: string,
): { readonly citations: readonly Citation[]; readonly unfounded: readonly number[] } {
  const cited = citedIn(answer);
  return {
    citations: cited.flatMap((id) => {
      const chunk = prompted.includes(id) ? chunks.get(id) : undefined;
      return chunk === undefined ? [] : [{ id, document: chunk.document }];
    }),
    unfounded: cited.filter((id) => !prompted.includes(id)),
  };
}

type IsFinite<E> = (value: E) => boolean;

function ingestRejection<E>(
  open: Opening,
  { index, chunks: held }: PipelineState<E>,
  { document, chunks, vectors }: Ingest<Rows<E>>['input'],
  isFinite: IsFinite<E>,
): string | undefined {
  const ids = chunks.map(({ id }) => id);
  const taken = ids.find((id) => (held.get(id)?.document ?? document) !== document);
  if (taken !== undefined) return `chunks: ${taken} belongs to another document`;
  const broken = chunks.find(({ text }) => !isWellFormed(text));
  if (broken !== undefined)
    return `chunks: expected well-formed text, got a surrogate without its partner in ${broken.id}`;
  return indexRejection(open, index, { action: 'add', input: { ids, vectors } }, isFinite);
}

/** Why a pipeline has to reject an action, or nothing. */
export function pipelineRejection<E>(
  open: Opening,
  state: PipelineState<E>,
  request: PipelineAction<Rows<E>>,
  isFinite: IsFinite<E>,
): string | undefined {
  switch (request.action) {
    case 'ingest':
      return ingestRejection(open, state, request.input, isFinite);
    case 'remove':
      return state.documents.has(request.input.document)
        ? undefined
        : `document: expected one that is there, got ${JSON.stringify(request.input.document)}`;
    case 'search': {
      const question = indexQuestion(state, request.input);
      return indexRejection(open, state.index, { action: 'search', input: question }, isFinite);
    }
    case 'assemble': {
      if (state.retrieved === undefined) return 'expected a search before it';
      const parsed = promptAssembly.input.safeParse(promptInput(state, request.input));
      return parsed.success ? undefined : (parsed.error.issues[0]?.message ?? 'invalid');
    }
    case 'attribute':
      return state.prompted === undefined ? 'expected a prompt before it' : undefined;
    case 'count':
      return undefined;
  }
}

/** A state without a document: its chunks are neither found, nor assembled, nor cited any more. */
function without<E>(state: PipelineState<E>, document: string): PipelineState<E> {
  const gone = new Set(state.documents.get(document));
  const kept = <V>(map: ReadonlyMap<number, V>): ReadonlyMap<number, V> =>
    new Map([...map].filter(([id]) => !gone.has(id)));
  const left = (ids: readonly number[]): readonly number[] => ids.filter((id) => !gone.has(id));
  const { index, chunks, documents, retrieved, prompted } = state;
  return {
    index: {
      ...index,
      vectors: kept(index.vectors),
      removed: new Set([...index.removed, ...gone]),
    },
    chunks: kept(chunks),
    documents: new Map([...documents].filter(([name]) => name !== document)),
    ...(retrieved === undefined ? {} : { retrieved: left(retrieved) }),
    ...(prompted === undefined ? {} : { prompted: left(prompted) }),
  };
}

function ingested<E>(
  state: PipelineState<E>,
  { document, chunks, vectors }: Ingest<Rows<E>>['input'],
): PipelineState<E> {
  const before = without(state, document);
  const rows = rowsOf(vectors);
  const ids = chunks.map(({ id }) => id);
  const { index } = before;
  return {
    ...before,
    index: {
      vectors: new Map([...index.vectors, ...ids.map((id, i) => [id, rows[i] ?? []] as const)]),
      added: index.added + ids.length,
      removed: new Set([...index.removed].filter((id) => !ids.includes(id))),
    },
    chunks: new Map([
      ...before.chunks,
      ...chunks.map((chunk) => [chunk.id, { ...chunk, document }] as const),
    ]),
    documents: new Map([...before.documents, [document, ids]]),
  };
}

/** What a pipeline holds after an action that was carried out, and answered so. */
export function afterAction<E>(
  state: PipelineState<E>,
  request: PipelineAction<Rows<E>>,
  { ids = [], used = [] }: Pick<PipelineAnswer, 'ids' | 'used'>,
): PipelineState<E> {
  switch (request.action) {
    case 'ingest':
      return ingested(state, request.input);
    case 'remove':
      return without(state, request.input.document);
    case 'search':
      return { ...state, retrieved: ids };
    case 'assemble':
      return { ...state, prompted: used };
    case 'attribute':
    case 'count':
      return state;
  }
}
