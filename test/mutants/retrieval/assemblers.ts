import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { PromptDocument } from '../../../spec/retrieval/prompts.ts';
import { withInput, withOutput } from '../mutant.ts';

export type Assemble = Kernel<'promptAssembly'>;

export const lengthOf = (text: string): number => [...text].length;

/** Fills both placeholders. */
export type Fill = (template: string, question: string, documents: string) => string;
export const fill: Fill = (template, question, documents) =>
  template.replace(/\{\{(question|documents)\}\}/g, (_, name) =>
    name === 'question' ? question : documents,
  );

const join = (texts: readonly string[]): string => texts.join('\n\n');

export interface Asked {
  readonly template: string;
  readonly question: string;
  readonly documents: readonly PromptDocument[];
  readonly budget: number;
}

/** Fills with documents that are joined. */
export const made =
  (filled = fill, joined = join) =>
  ({ template, question }: Asked, documents: readonly PromptDocument[]): string =>
    filled(template, question, joined(documents.map(({ text }) => text)));

/** How long a prompt with documents is taken to be. */
export type Measure = (asked: Asked, documents: readonly PromptDocument[]) => number;
export const ofPrompt =
  (unit: (text: string) => number): Measure =>
  (asked, documents) =>
    unit(made()(asked, documents));

/** An assembler with a step of it replaced. */
export const assembler =
  ({
    prompt = made(),
    measure = ofPrompt(lengthOf),
    fits = (length: number, budget: number) => length <= budget,
    skips = false,
  } = {}): Assemble =>
  (asked) => {
    const used: PromptDocument[] = [];
    for (const document of asked.documents) {
      if (fits(measure(asked, [...used, document]), asked.budget)) used.push(document);
      else if (!skips) break;
    }
    return { prompt: prompt(asked, used), used: used.map(({ id }) => id) };
  };
export const honest = assembler();

/** An assembler that fills otherwise, or joins otherwise; it takes as many documents as the right one. */
export const filling = (filled: Fill): Assemble => assembler({ prompt: made(filled) });
export const joining = (joined: (texts: readonly string[]) => string): Assemble =>
  assembler({
    prompt: made(fill, joined),
    measure: (asked, documents) => lengthOf(made(fill, joined)(asked, documents)),
  });

/** An assembler that counts otherwise. */
export const counting = (unit: (text: string) => number): Assemble =>
  assembler({ measure: ofPrompt(unit) });

/** An assembler that changes what it is given. */
export const given = (change: (asked: Asked) => Partial<Asked>): Assemble =>
  withInput<'promptAssembly'>(honest, (asked) => ({ ...asked, ...change(asked) }));

/** An assembler that changes the text of documents. */
export const givenTexts = (change: (text: string) => string): Assemble =>
  given(({ documents }) => ({
    documents: documents.map(({ id, text }) => ({ id, text: change(text) })),
  }));

/** An assembler that changes its prompt. */
export const ending = (change: (prompt: string, asked: Asked) => string): Assemble =>
  withOutput<'promptAssembly'>(honest, ({ prompt, used }, asked) => ({
    prompt: change(prompt, asked),
    used,
  }));
