import { promptAssembly as spec } from '../../spec/retrieval/promptAssembly.ts';
import {
  characterCount,
  documentSeparator,
  questionPlaceholder,
} from '../../spec/retrieval/prompts.ts';
import { reference } from '../reference.ts';

/** The template read once; a function gives what stands for a placeholder, so that no sign in it means anything. */
const filled = (template: string, question: string, texts: readonly string[]): string =>
  template.replaceAll(/\{\{(?:question|documents)\}\}/g, (placeholder) =>
    placeholder === questionPlaceholder ? question : texts.join(documentSeparator),
  );

export const promptAssembly = reference(
  spec,
  (_arithmetic, { template, question, documents, budget }) => {
    const texts = documents.map(({ text }) => text);
    let used = 0;
    let prompt = filled(template, question, []);
    while (used < documents.length) {
      const longer = filled(template, question, texts.slice(0, used + 1));
      if (characterCount(longer) > budget) break;
      prompt = longer;
      used += 1;
    }
    return { prompt, used: documents.slice(0, used).map(({ id }) => id) };
  },
);
