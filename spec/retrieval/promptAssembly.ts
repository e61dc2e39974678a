import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { fields, positiveInteger } from '../schema.ts';
import { promptExamples } from './promptExamples.ts';
import { promptInputs } from './promptInputs.ts';
import { promptLaws } from './promptLaws.ts';
import { assemblyProblem } from './prompts.ts';
import { axis } from '../lengths.ts';
import { wordOf } from '../text/texts.ts';
import { promptLength } from './prompts.ts';

const asked = {
  template: '{{documents}}\n{{question}}',
  question: 'why?',
  documents: [],
  budget: 99,
};

/**
 * prompt = the template with the question for every `{{question}}` and the first documents, an empty line (\n\n) between two, for every
 * `{{documents}}`: as many as fit, one after the other, whole. The first that does not fit ends it: none behind it is taken, be it ever so short.
 *
 * The template is read once, and what is put in is never read: placeholders, `$&`, markers of roles and control tokens in a question or a document
 * are text. A placeholder is spelled just so; `{{ question }}` and `{{other}}` are text. Nothing is trimmed, escaped, or cut. `budget` counts the
 * characters (code points) of the whole prompt; documents that stand there twice count twice.
 *
 * @example
 * promptAssembly({ template: '{{documents}}\nQ: {{question}}', question: 'Why?', documents: [{ id: 7, text: 'Because.' }, { id: 2, text: 'So.' }], budget: 17 }) // → { prompt: 'Because.\nQ: Why?', used: [7] }
 */
export const promptAssembly = component({
  family: 'retrieval',
  summary: 'Puts a question and as many documents as a budget allows into a template.',
  formula: String.raw`p_n = T[\text{question} := q,\ \text{documents} := d_1 \Vert \text{\textbackslash n\textbackslash n} \Vert \cdots \Vert d_n],\quad n = \max \{\, k : \lvert p_k \rvert \le \text{budget} \,\}`,
  source:
    'Lewis et al., Retrieval-augmented generation for knowledge-intensive NLP tasks, 2020 (documents and question in one input); placeholders, separator and budget are house definitions',
  domain:
    'Rejected: a template that lacks one of the placeholders, a budget below the template and the question without any document, text with half a surrogate pair (two halves that meet would be one character), and an id that comes twice. No document is used where the first does not fit.',
  input: fields({
    template: z
      .string()
      .meta({ description: 'a text with {{question}} and {{documents}}, once or more each' }),
    question: z.string().meta({ description: 'what is asked' }),
    documents: z
      .array(
        z.strictObject({
          id: z.int().meta({ description: 'names it in the answer, and is not in the prompt' }),
          text: z.string().meta({ description: 'what is put in' }),
        }),
      )
      .readonly()
      .meta({ description: 'what was found, best first' }),
    budget: positiveInteger('the most characters of the prompt'),
  }).superRefine((input, context) => {
    const problem = assemblyProblem(input);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: [...problem.path], message: problem.message });
  }),
  output: fields({
    prompt: z.string().meta({ description: 'the prompt' }),
    used: z
      .array(z.int())
      .readonly()
      .meta({ description: 'the ids of the documents that stand in it, in their order' }),
  }),
  arbitrary: promptInputs,
  sized: {
    axes: {
      documents: axis('documents', [17, 33, 129, 1025], [0, 1, 3]),
      n: axis('characters of each', [257, 4097, 32769], [0, 1, 9]),
    },
    input: ({ documents = 0, n = 0 }, draw) => {
      const asked = {
        template: 'From this:\n{{documents}}\n{{question}}',
        question: wordOf(draw.seed('question'), 40, 'ab ?'),
        documents: Array.from({ length: documents }, (_, i) => ({
          id: 3 * i,
          text: wordOf(draw.seed(`documents.${i}`), n, 'ab{}\u{1F600}\n'),
        })),
      };
      const fitting = promptLength(asked, draw.pick('fitting', documents, documents >> 1));
      return { ...asked, budget: fitting + draw.pick('off', 0, 1, 7) };
    },
    work: ({ documents = 0, n = 0 }) => 30 * (documents + 1) * (n + 1),
  },
  invalid: {
    'a template without the question': fc
      .constantFrom('{{documents}}', '{{documents}}{{ question }}', '{{documents}}{question}', '')
      .map((template) => ({ ...asked, template })),
    'a template without the documents': fc
      .constantFrom('{{question}}', '{{question}}{{document}}', '{{question}}{{Documents}}')
      .map((template) => ({ ...asked, template })),
    'a placeholder in the question alone': fc.constant({
      ...asked,
      template: '{{question}}',
      question: '{{documents}}',
    }),
    'a budget below template and question': fc
      .constantFrom(4, 1)
      .map((budget) => ({ ...asked, budget })),
    'no budget': fc.constantFrom(0, -1, 7.5).map((budget) => ({ ...asked, budget })),
    'an id that comes twice': fc.constant({
      ...asked,
      documents: [
        { id: 3, text: 'a' },
        { id: 3, text: 'b' },
      ],
    }),
    'half a surrogate pair': fc.constantFrom(
      { ...asked, question: 'a\uD83D' },
      { ...asked, template: '\uDE00{{documents}}{{question}}' },
      { ...asked, documents: [{ id: 1, text: '\uD83D' }] },
    ),
  },
  boundSource: 'exact: nothing is rounded',
  laws: promptLaws,
  examples: promptExamples,
});
