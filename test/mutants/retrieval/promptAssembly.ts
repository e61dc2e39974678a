import { withOutput, type Mutants } from '../mutant.ts';
import { assembler, counting, fill, given, honest, joining, lengthOf, made } from './assemblers.ts';
import { fillings } from './fillings.ts';

export const promptAssembly: Mutants<'promptAssembly'> = {
  honest,
  mutants: [
    ...fillings,
    {
      id: 'last-characters-kept',
      defect: 'rag-prompt-assembly-03',
      wrong: 'takes all documents and keeps the end that fits the budget',
      run: ({ budget, ...asked }) => {
        const all = [...made()({ ...asked, budget }, asked.documents)];
        return {
          prompt: all.slice(Math.max(0, all.length - budget)).join(''),
          used: asked.documents.map(({ id }) => id),
        };
      },
    },
    {
      id: 'question-left-out',
      defect: 'rag-prompt-assembly-03',
      wrong: 'leaves the question out where not all documents fit with it',
      run: withOutput<'promptAssembly'>(honest, ({ prompt, used }, asked) =>
        used.length === asked.documents.length
          ? { prompt, used }
          : {
              prompt: made((form, _, texts) => fill(form, '', texts))(
                asked,
                asked.documents.slice(0, used.length),
              ),
              used,
            },
      ),
    },
    {
      id: 'everything-where-nothing-fits',
      defect: 'rag-prompt-assembly-03',
      wrong: 'takes every document where the first is too long',
      run: withOutput<'promptAssembly'>(honest, ({ prompt, used }, asked) =>
        used.length > 0
          ? { prompt, used }
          : { prompt: made()(asked, asked.documents), used: asked.documents.map(({ id }) => id) },
      ),
    },
    {
      id: 'code-units',
      defect: 'classic',
      wrong: 'counts code units',
      run: counting((text) => text.length),
    },
    {
      id: 'bytes',
      defect: 'classic',
      wrong: 'counts bytes',
      run: counting((text) => Buffer.byteLength(text)),
    },
    {
      id: 'less-than-the-budget',
      defect: 'classic',
      wrong: 'takes less than the budget for at most the budget',
      run: assembler({ fits: (length, budget) => length < budget }),
    },
    {
      id: 'documents-alone-counted',
      defect: 'classic',
      wrong: 'gives the whole budget to the documents',
      run: assembler({
        measure: (_, documents) => lengthOf(documents.map(({ text }) => text).join('\n\n')),
      }),
    },
    {
      id: 'separators-not-counted',
      defect: 'classic',
      wrong: 'counts documents without what stands between them',
      run: assembler({
        measure: (asked, documents) =>
          lengthOf(made(fill, (texts) => texts.join(''))(asked, documents)),
      }),
    },
    {
      id: 'question-not-counted',
      defect: 'classic',
      wrong: 'counts template and documents',
      run: assembler({
        measure: (asked, documents) => lengthOf(made()({ ...asked, question: '' }, documents)),
      }),
    },
    {
      id: 'placeholders-counted',
      defect: 'classic',
      wrong: 'counts the placeholders of the template too',
      run: assembler({
        measure: ({ template, question }, documents) =>
          lengthOf(template + question + documents.map(({ text }) => text).join('\n\n')),
      }),
    },
    {
      id: 'skips-what-does-not-fit',
      defect: 'classic',
      wrong: 'takes a later document where the next does not fit',
      run: assembler({ skips: true }),
    },
    {
      id: 'last-document-cut',
      defect: 'classic',
      wrong: 'fills the budget with the beginning of the next document',
      run: withOutput<'promptAssembly'>(honest, ({ prompt, used }, asked) => {
        const next = asked.documents[used.length];
        if (next === undefined) return { prompt, used };
        const room = asked.budget - lengthOf(prompt) - 2;
        const text = [...next.text].slice(0, Math.max(0, room)).join('');
        return text === ''
          ? { prompt, used }
          : {
              prompt: made()(asked, [...asked.documents.slice(0, used.length), { ...next, text }]),
              used: [...used, next.id],
            };
      }),
    },
    {
      id: 'worst-first',
      defect: 'classic',
      wrong: 'puts the best document next to the question',
      run: joining((texts) => texts.toReversed().join('\n\n')),
    },
    {
      id: 'one-line-end',
      defect: 'classic',
      wrong: 'puts no empty line between documents',
      run: joining((texts) => texts.join('\n')),
    },
    {
      id: 'separator-behind-the-last',
      defect: 'classic',
      wrong: 'ends every document with an empty line',
      run: joining((texts) => texts.map((text) => `${text}\n\n`).join('')),
    },
    {
      id: 'empty-left-out',
      defect: 'classic',
      wrong: 'leaves out documents without text',
      run: given(({ documents }) => ({ documents: documents.filter(({ text }) => text !== '') })),
    },
    {
      id: 'same-text-once',
      defect: 'classic',
      wrong: 'takes documents of the same text for one',
      run: given(({ documents }) => ({
        documents: [
          ...new Map(documents.toReversed().map((one) => [one.text, one])).values(),
        ].toReversed(),
      })),
    },
    {
      id: 'ids-in-the-prompt',
      defect: 'classic',
      wrong: 'writes the id in front of each document',
      run: given(({ documents }) => ({
        documents: documents.map(({ id, text }) => ({ id, text: `[${id}] ${text}` })),
      })),
    },
    {
      id: 'in-order-of-ids',
      defect: 'classic',
      wrong: 'sorts documents by id',
      run: given(({ documents }) => ({ documents: documents.toSorted((x, y) => x.id - y.id) })),
    },
    {
      id: 'all-said-to-be-used',
      defect: 'classic',
      wrong: 'names every document that was found',
      run: withOutput<'promptAssembly'>(honest, ({ prompt }, { documents }) => ({
        prompt,
        used: documents.map(({ id }) => id),
      })),
    },
    {
      id: 'places-for-ids',
      defect: 'classic',
      wrong: 'names the documents by their places',
      run: withOutput<'promptAssembly'>(honest, ({ prompt, used }) => ({
        prompt,
        used: used.map((_, i) => i),
      })),
    },
  ],
};
