import {
  documentSeparator,
  documentsPlaceholder,
  questionPlaceholder,
} from '../../../../spec/retrieval/prompts.ts';
import type { Entry } from '../../../interface/implementation.ts';

/** The template cut at its placeholders, which stand in the list too; found one behind the other, so that none is met in what is put in. */
function partsOf(template: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = template.indexOf('{{'); at >= 0; at = template.indexOf('{{', at)) {
    const found = [questionPlaceholder, documentsPlaceholder].find((one) =>
      template.startsWith(one, at),
    );
    if (found === undefined) at += 1;
    else {
      parts.push(template.slice(from, at), found);
      at += found.length;
      from = at;
    }
  }
  return [...parts, template.slice(from)];
}

/** How many characters: code units but those that are the second of a pair. */
function charactersOf(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xdc00 && unit <= 0xdfff) count -= 1;
  }
  return count;
}

/** Counted first, and put together once: each text is looked at twice, however many documents there are. */
export const promptAssembly: Entry<'promptAssembly'> = {
  run: ({ template, question, documents, budget }) => {
    const parts = partsOf(template);
    const times = parts.filter((part) => part === documentsPlaceholder).length;
    const questionLength = charactersOf(question);
    let left = budget;
    for (const part of parts)
      if (part === questionPlaceholder) left -= questionLength;
      else if (part !== documentsPlaceholder) left -= charactersOf(part);
    const used: number[] = [];
    const texts: string[] = [];
    for (const { id, text } of documents) {
      const between = texts.length === 0 ? 0 : documentSeparator.length;
      left -= times * (charactersOf(text) + between);
      if (left < 0) break;
      used.push(id);
      texts.push(text);
    }
    const joined = texts.join(documentSeparator);
    const prompt = parts
      .map((part) =>
        part === questionPlaceholder ? question : part === documentsPlaceholder ? joined : part,
      )
      .join('');
    return { prompt, used };
  },
};
