import { Rejected } from '../../../conformance/interface/implementation.ts';
import type { Index } from '../../../conformance/implementations/hits.ts';
import {
  soundParts,
  type Library,
  type PipelineParts,
} from '../../../conformance/implementations/pipeline.ts';
import type { Ingest } from '../../../spec/retrieval/pipelineScript.ts';
import type { PipelineFault } from './pipelineFaults.ts';

/** Takes in chunks without a look at what was there. */
const adds = async (
  library: Library,
  { act }: Index,
  { document, chunks, vectors }: Ingest['input'],
): Promise<void> => {
  const ids = chunks.map(({ id }) => id);
  await act({ action: 'add', input: { ids, vectors } });
  for (const chunk of chunks) library.chunks.set(chunk.id, { ...chunk, document });
  const old = library.documents.get(document) ?? [];
  library.documents.set(document, [...new Set([...old, ...ids])]);
};

/** Sound rules without those whose message begins so. */
const without =
  (beginning: string): PipelineParts['rejection'] =>
  (library, request) => {
    const found = soundParts.rejection(library, request);
    return found?.startsWith(beginning) === true ? undefined : found;
  };

/** Names of documents that are taken for one where `fold` makes them one. */
const folded = (fold: (name: string) => string): Partial<PipelineParts> => {
  const nameOf = ({ documents }: Library, name: string): string =>
    [...documents.keys()].find((known) => fold(known) === fold(name)) ?? name;
  return {
    rejection: (library, request) =>
      request.action === 'remove'
        ? soundParts.rejection(library, {
            ...request,
            input: { document: nameOf(library, request.input.document) },
          })
        : soundParts.rejection(library, request),
    ingest: async (library, index, input) => {
      const old = nameOf(library, input.document);
      if (old !== input.document) await soundParts.remove(library, index, old);
      await soundParts.ingest(library, index, input);
    },
    remove: (library, index, name) => soundParts.remove(library, index, nameOf(library, name)),
  };
};

export const holdingFaults: readonly PipelineFault[] = [
  {
    id: 'keeps-old-chunks',
    wrong: 'adds the chunks of a document that is replaced to those that it has',
    changed: { ingest: adds },
  },
  {
    id: 'removes-one',
    wrong: 'removes the first chunk of a document, and leaves the others in the index',
    changed: {
      remove: async (library, index, document) => {
        const [first = -1, ...rest] = library.documents.get(document) ?? [];
        if (first >= 0) await index.act({ action: 'remove', input: { ids: [first] } });
        library.chunks.delete(first);
        library.documents.delete(document);
        for (const id of rest) library.chunks.set(id, { id, text: '', metadata: [], document });
      },
    },
  },
  {
    id: 'removes-first',
    wrong: 'removes the old chunks of a document whose new ones are then rejected',
    changed: {
      rejection: (library, request) =>
        request.action === 'ingest' ? undefined : soundParts.rejection(library, request),
      ingest: async (library, index, input) => {
        const { document } = input;
        const rejection = soundParts.rejection(library, { action: 'ingest', input });
        if (library.documents.has(document)) await soundParts.remove(library, index, document);
        if (rejection !== undefined) throw new Rejected(rejection);
        await soundParts.ingest(library, index, input);
      },
    },
  },
  {
    id: 'takes-ids-of-others',
    wrong: 'takes a chunk whose id another document has in its place',
    changed: {
      rejection: (library, request) => {
        const found = soundParts.rejection(library, request);
        return found?.includes('belongs to another document') === true ? undefined : found;
      },
    },
  },
  {
    id: 'takes-half-pairs',
    wrong: 'takes chunks that hold half of a surrogate pair',
    changed: { rejection: without('chunks: expected well-formed') },
  },
  {
    id: 'removes-unknown',
    wrong: 'takes the removal of a document that is not there',
    changed: { rejection: without('document: expected one that is there') },
  },
  {
    id: 'folds-names',
    wrong: 'takes names that differ in case for one',
    changed: folded((name) => name.toLowerCase()),
  },
  {
    id: 'normalises-names',
    wrong: 'takes names that are one in Unicode’s normal form for one',
    changed: folded((name) => name.normalize('NFC')),
  },
  {
    id: 'trims-names',
    wrong: 'takes names that differ in spaces for one',
    changed: folded((name) => name.trim()),
  },
];
