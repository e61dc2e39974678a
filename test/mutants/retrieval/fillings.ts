import type { Mutant } from '../mutant.ts';
import { ending, fill, filling, given, givenTexts } from './assemblers.ts';

const escapes = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => escapes.get(sign) ?? '');

const bothFields = (change: (text: string) => string) =>
  filling((template, question, documents) => fill(template, change(question), change(documents)));

/** Assemblers that take the right documents, and fill the template in a wrong way. */
export const fillings: readonly Mutant<'promptAssembly'>[] = [
  {
    id: 'question-first',
    defect: 'rag-prompt-assembly-02',
    wrong: 'puts the question in, and then the documents in what the question says too',
    run: filling((template, question, documents) =>
      template
        .replaceAll('{{question}}', () => question)
        .replaceAll('{{documents}}', () => documents),
    ),
  },
  {
    id: 'documents-first',
    defect: 'rag-prompt-assembly-02',
    wrong: 'puts the documents in, and then the question in what they say too',
    run: filling((template, question, documents) =>
      template
        .replaceAll('{{documents}}', () => documents)
        .replaceAll('{{question}}', () => question),
    ),
  },
  {
    id: 'until-nothing-changes',
    defect: 'rag-prompt-assembly-02',
    wrong: 'fills what it filled a second time',
    run: filling((template, question, documents) =>
      fill(fill(template, question, documents), question, documents),
    ),
  },
  {
    id: 'dollar-signs',
    defect: 'classic',
    wrong: 'gives replace a text, in which $& and $$ mean something',
    run: filling((template, question, documents) =>
      template
        .split('{{documents}}')
        .map((part) => part.replaceAll('{{question}}', question))
        .join('{{documents}}'.replace('{{documents}}', documents)),
    ),
  },
  {
    id: 'first-placeholder-alone',
    defect: 'classic',
    wrong: 'fills the first placeholder of a name alone',
    run: filling((template, question, documents) => {
      const isDone = new Set<string>();
      return template.replace(/\{\{(question|documents)\}\}/g, (placeholder, name) => {
        if (isDone.has(placeholder)) return placeholder;
        isDone.add(placeholder);
        return name === 'question' ? question : documents;
      });
    }),
  },
  {
    id: 'spaces-in-placeholders',
    defect: 'classic',
    wrong: 'takes {{ question }} for a placeholder',
    run: filling((template, question, documents) =>
      fill(template.replace(/\{\{\s*(\w+)\s*\}\}/g, '{{$1}}'), question, documents),
    ),
  },
  {
    id: 'unknown-placeholders-emptied',
    defect: 'classic',
    wrong: 'puts nothing in for a name that it does not know',
    run: filling((template, question, documents) =>
      template.replace(/\{\{(\w+)\}\}/g, (_, name) =>
        name === 'question' ? question : name === 'documents' ? documents : '',
      ),
    ),
  },
  {
    id: 'escaped',
    defect: 'classic',
    wrong: 'escapes what it puts in as a web page would need it',
    run: bothFields(escaped),
  },
  {
    id: 'placeholders-taken-out',
    defect: 'classic',
    wrong: 'takes braces out of what it puts in',
    run: bothFields((text) => text.replace(/\{\{|\}\}/g, '')),
  },
  {
    id: 'control-tokens-taken-out',
    defect: 'classic',
    wrong: 'takes what looks like a control token out of documents',
    run: givenTexts((text) => text.replace(/<\|.*?\|>|\[INST\]/g, '')),
  },
  {
    id: 'question-trimmed',
    defect: 'classic',
    wrong: 'takes spaces off the ends of the question',
    run: given(({ question }) => ({ question: question.trim() })),
  },
  {
    id: 'documents-trimmed',
    defect: 'classic',
    wrong: 'takes spaces off the ends of documents',
    run: givenTexts((text) => text.trim()),
  },
  {
    id: 'prompt-trimmed',
    defect: 'classic',
    wrong: 'takes spaces off the ends of the prompt',
    run: ending((prompt) => prompt.trim()),
  },
  {
    id: 'composed',
    defect: 'classic',
    wrong: 'composes letters and their marks',
    run: ending((prompt) => prompt.normalize('NFC')),
  },
];
