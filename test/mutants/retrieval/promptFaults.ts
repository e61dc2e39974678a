import { soundParts, type Library } from '../../../conformance/implementations/pipeline.ts';
import { promptAssembly } from '../../../conformance/implementations/tfjs/retrieval/promptAssembly.ts';
import type { Assemble } from '../../../spec/retrieval/pipelineScript.ts';
import type { PipelineFault } from './pipelineFaults.ts';

/** The last search, with what has gone since: what a cache still has of it. */
const remembered = new WeakMap<Library, Map<number, string>>();

/** Every text that was ever ingested, by id. */
function memoryOf(library: Library): Map<number, string> {
  const known = remembered.get(library) ?? new Map<number, string>();
  remembered.set(library, known);
  return known;
}

const documentsOf = ({ chunks, retrieved = [] }: Library) =>
  retrieved.flatMap((id) => {
    const text = chunks.get(id)?.text;
    return text === undefined ? [] : [{ id, text: `[${id}] ${text}` }];
  });

/** Documents that fit, and a template that is filled by `fill`. */
const filling =
  (fill: (template: string, question: string, documents: string) => string) =>
  async (library: Library, input: Assemble['input']) => {
    const { used } = await soundParts.assemble(library, input);
    const texts = documentsOf(library).filter(({ id }) => used?.includes(id));
    const documents = texts.map(({ text }) => text).join('\n\n');
    return { prompt: fill(input.template, input.question, documents), used: used ?? [] };
  };

export const promptFaults: readonly PipelineFault[] = [
  {
    id: 'reads-again',
    defect: 'rag-prompt-assembly-02',
    wrong: 'puts the documents in, and then the question wherever a placeholder stands by now',
    changed: {
      assemble: filling((template, question, documents) =>
        template.split('{{documents}}').join(documents).split('{{question}}').join(question),
      ),
    },
  },
  {
    id: 'replacement-patterns',
    wrong: 'puts texts in by String.replaceAll, which reads $& in them',
    changed: {
      assemble: filling((template, question, documents) =>
        template
          .split('{{question}}')
          .map((part) => part.replaceAll('{{documents}}', documents))
          .join(question),
      ),
    },
  },
  {
    id: 'drops-the-question',
    defect: 'rag-prompt-assembly-03',
    wrong: 'cuts the prompt at the budget, whatever stands there',
    changed: {
      assemble: async (library, input) => {
        const whole = await soundParts.assemble(library, { ...input, budget: 2 ** 40 });
        return { ...whole, prompt: [...(whole.prompt ?? '')].slice(0, input.budget).join('') };
      },
    },
  },
  {
    id: 'used-is-all',
    wrong: 'calls everything used that was found, whether it fits or not',
    changed: {
      assemble: async (library, input) => {
        const { prompt } = await soundParts.assemble(library, input);
        return { prompt: prompt ?? '', used: documentsOf(library).map(({ id }) => id) };
      },
    },
  },
  {
    id: 'without-ids',
    wrong: 'puts the texts in without their ids: nothing can be cited',
    changed: {
      assemble: async (library, input) => {
        const documents = documentsOf(library).map(({ id }) => ({
          id,
          text: library.chunks.get(id)?.text ?? '',
        }));
        return promptAssembly.run({ ...input, documents });
      },
    },
  },
  {
    id: 'keeps-what-has-gone',
    wrong: 'assembles what was removed or replaced since it was found',
    changed: {
      remove: async (library, index, document) => {
        const { retrieved } = library;
        for (const [id, { text }] of library.chunks) memoryOf(library).set(id, text);
        await soundParts.remove(library, index, document);
        library.retrieved = retrieved;
      },
      assemble: (library, input) => {
        const { retrieved = [], chunks } = library;
        const documents = retrieved.flatMap((id) => {
          const text = chunks.get(id)?.text ?? memoryOf(library).get(id);
          return text === undefined ? [] : [{ id, text: `[${id}] ${text}` }];
        });
        return promptAssembly.run({ ...input, documents });
      },
    },
  },
  {
    id: 'new-text-of-an-old-id',
    wrong: 'assembles the new text of a chunk that was replaced since it was found',
    changed: {
      ingest: async (library, index, input) => {
        const { retrieved } = library;
        await soundParts.ingest(library, index, input);
        library.retrieved = retrieved;
      },
    },
  },
  {
    id: 'worst-first',
    wrong: 'puts the worst of what was found first',
    changed: {
      assemble: (library, input) =>
        promptAssembly.run({ ...input, documents: documentsOf(library).toReversed() }),
    },
  },
  {
    id: 'nothing-found-is-no-search',
    wrong: 'rejects a prompt after a search that found nothing',
    changed: {
      rejection: (library, request) =>
        soundParts.rejection(library, request) ??
        (request.action === 'assemble' && library.retrieved?.length === 0
          ? 'expected a search before it'
          : undefined),
    },
  },
  {
    id: 'assembles-unsearched',
    wrong: 'makes a prompt of nothing before any search',
    changed: {
      rejection: (library, request) => {
        const found = soundParts.rejection(library, request);
        return found === 'expected a search before it' ? undefined : found;
      },
    },
  },
];
