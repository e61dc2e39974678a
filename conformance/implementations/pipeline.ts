import type { Opening } from '../../spec/indexes/script.ts';
import { empty } from '../../spec/indexes/state.ts';
import type {
  Assemble,
  Citation,
  Ingest,
  PipelineAction,
  PipelineAnswer,
  Property,
  Search,
} from '../../spec/retrieval/pipelineScript.ts';
import { pipelineRejection, type HeldChunk } from '../../spec/retrieval/pipelineState.ts';
import { tensor } from '../../spec/tensor.ts';
import { Rejected, Unsupported, type Kernel } from '../interface/implementation.ts';
import { stepwise, type OpenSession } from '../interface/session.ts';
import { citations } from './citations.ts';
import { firstHits, hitsOf, type Hits, type Index } from './hits.ts';
import type { OpenIndex } from './collection.ts';
import { promptAssembly } from './tfjs/retrieval/promptAssembly.ts';

/** What a pipeline keeps beside its index. */
export interface Library {
  readonly open: Opening;
  readonly chunks: Map<number, HeldChunk>;
  readonly documents: Map<string, readonly number[]>;
  retrieved: readonly number[] | undefined;
  prompted: readonly number[] | undefined;
}

/** What a pipeline is made of; a test puts wrong ones in. */
export interface PipelineParts {
  readonly rejection: (library: Library, request: PipelineAction) => string | undefined;
  readonly ingest: (library: Library, index: Index, input: Ingest['input']) => Promise<void>;
  readonly remove: (library: Library, index: Index, document: string) => Promise<void>;
  readonly nearest: (library: Library, index: Index, input: Search['input']) => Promise<Hits>;
  readonly reaches: (library: Library, score: number, threshold: number) => boolean;
  readonly assemble: (
    library: Library,
    input: Assemble['input'],
  ) => Pick<PipelineAnswer, 'prompt' | 'used'> | Promise<Pick<PipelineAnswer, 'prompt' | 'used'>>;
  readonly attribute: (
    library: Library,
    answer: string,
  ) => { readonly citations: readonly Citation[]; readonly unfounded: readonly number[] };
}

/** Takes chunks out of everything but the index. */
function forget(library: Library, ids: readonly number[]): void {
  for (const id of ids) library.chunks.delete(id);
  const left = (list: readonly number[] | undefined) => list?.filter((id) => !ids.includes(id));
  library.retrieved = left(library.retrieved);
  library.prompted = left(library.prompted);
}

/** The new vectors come first: where the index does not take them, all is as it was. */
async function ingest(
  library: Library,
  { act }: Index,
  { document, chunks, vectors }: Ingest['input'],
): Promise<void> {
  const ids = chunks.map(({ id }) => id);
  const old = library.documents.get(document) ?? [];
  const gone = old.filter((id) => !ids.includes(id));
  if (ids.length > 0) await act({ action: 'add', input: { ids, vectors } });
  if (gone.length > 0) await act({ action: 'remove', input: { ids: gone } });
  forget(library, old);
  for (const chunk of chunks) library.chunks.set(chunk.id, { ...chunk, document });
  library.documents.set(document, ids);
}

async function remove(library: Library, { act }: Index, document: string): Promise<void> {
  const ids = library.documents.get(document) ?? [];
  if (ids.length > 0) await act({ action: 'remove', input: { ids } });
  forget(library, ids);
  library.documents.delete(document);
}

/** A key and a value as one text, in which each keeps its end. */
const tagOf = ({ key, value }: Property): string => JSON.stringify([key, value]);

/** The ids of the chunks that have every property of a filter. */
export function passing(
  { chunks }: Pick<Library, 'chunks'>,
  filter: readonly Property[],
): readonly number[] {
  const wanted = filter.map(tagOf);
  return [...chunks.values()].flatMap(({ id, metadata }) => {
    const tags = new Set(metadata.map(tagOf));
    return wanted.every((tag) => tags.has(tag)) ? [id] : [];
  });
}

/** Where the index takes no filter, everything is asked for, and what passes is picked out of it. */
async function nearest(
  library: Library,
  index: Index,
  { query, k, filter }: Search['input'],
): Promise<Hits> {
  const queries = { ...query, shape: [1, ...query.shape] };
  const allowedIds = filter === undefined ? undefined : passing(library, filter);
  if ((allowedIds?.length ?? library.chunks.size) === 0)
    return { ids: [], scores: tensor(query.dtype, [0], []) };
  if (allowedIds === undefined) return hitsOf(index, { queries, k });
  try {
    return await hitsOf(index, { queries, k, allowedIds });
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    const all = await hitsOf(index, { queries, k: library.chunks.size });
    const passed = firstHits(all, (place) => allowedIds.includes(all.ids[place] ?? -1));
    return firstHits(passed, (place) => place < k);
  }
}

async function assemble(
  { chunks, retrieved = [] }: Library,
  input: Assemble['input'],
): Promise<Pick<PipelineAnswer, 'prompt' | 'used'>> {
  const documents = retrieved.flatMap((id) => {
    const chunk = chunks.get(id);
    return chunk === undefined ? [] : [{ id, text: `[${id}] ${chunk.text}` }];
  });
  const { prompt, used } = await promptAssembly.run({ ...input, documents });
  return { prompt, used };
}

const attribute: PipelineParts['attribute'] = ({ chunks, prompted = [] }, answer) => {
  const founded = new Set(prompted);
  const cited = citations(answer);
  return {
    citations: cited.flatMap((id) =>
      founded.has(id) ? [{ id, document: chunks.get(id)?.document ?? '' }] : [],
    ),
    unfounded: cited.filter((id) => !founded.has(id)),
  };
};

export const soundParts: PipelineParts = {
  rejection: ({ open, chunks, documents, retrieved, prompted }, request) =>
    pipelineRejection(
      open,
      {
        index: empty,
        chunks,
        documents,
        ...(retrieved === undefined ? {} : { retrieved }),
        ...(prompted === undefined ? {} : { prompted }),
      },
      request,
      Number.isFinite,
    ),
  ingest,
  remove,
  nearest,
  reaches: ({ open: { metric } }, score, threshold) =>
    metric === 'euclidean' ? score <= threshold : score >= threshold,
  assemble,
  attribute,
};

async function carriedOut(
  parts: PipelineParts,
  library: Library,
  index: Index,
  request: PipelineAction,
): Promise<PipelineAnswer> {
  switch (request.action) {
    case 'ingest':
      await parts.ingest(library, index, request.input);
      return {};
    case 'remove':
      await parts.remove(library, index, request.input.document);
      return {};
    case 'search': {
      const { threshold } = request.input;
      const best = await parts.nearest(library, index, request.input);
      const near = (score = NaN): boolean =>
        threshold === undefined || parts.reaches(library, score, threshold);
      const { ids, scores } = firstHits(best, (place) => near(best.scores.data[place]));
      library.retrieved = ids;
      return { ids, scores, documents: ids.map((id) => library.chunks.get(id)?.document ?? '') };
    }
    case 'assemble': {
      const { prompt, used } = await parts.assemble(library, request.input);
      library.prompted = used;
      return { prompt, used };
    }
    case 'attribute':
      return parts.attribute(library, request.input.answer);
    case 'count':
      return { chunkCount: library.chunks.size, documentCount: library.documents.size };
  }
}

/**
 * Opens a retrieval pipeline over any index: what finds the chunks is the index, what they are and where they are from is kept beside it.
 *
 * @example
 * const { act } = await pipelineSession((settings) => myIndex(settings))({ dimension: 3, metric: 'cosine' });
 */
export const pipelineSession =
  (openIndex: OpenIndex, changed: Partial<PipelineParts> = {}) =>
  async (open: Opening): Promise<OpenSession<PipelineAction, PipelineAnswer>> => {
    const parts = { ...soundParts, ...changed };
    const index = await openIndex(open);
    const library: Library = {
      open,
      chunks: new Map(),
      documents: new Map(),
      retrieved: undefined,
      prompted: undefined,
    };
    const act = async (request: PipelineAction): Promise<PipelineAnswer> => {
      const rejection = parts.rejection(library, request);
      if (rejection !== undefined) throw new Rejected(rejection);
      return carriedOut(parts, library, index, request);
    };
    return { act, ...(index.close === undefined ? {} : { close: index.close }) };
  };

/**
 * A kernel of the pipeline over any index.
 *
 * @example
 * inProcess({ name: 'mine', version: '1', entries: { retrievalPipeline: { run: pipelineOver((settings) => myIndex(settings)) } } })
 */
export const pipelineOver = (
  openIndex: OpenIndex,
  changed?: Partial<PipelineParts>,
): Kernel<'retrievalPipeline'> => stepwise(pipelineSession(openIndex, changed));
