import { isWellFormed } from '../codePoints.ts';
import { placeOfRepeat } from '../repeated.ts';

/** Where the question goes in a template. */
export const questionPlaceholder = '{{question}}';
/** Where the documents go. */
export const documentsPlaceholder = '{{documents}}';
/** What stands between two documents: an empty line. */
export const documentSeparator = '\n\n';

/** A text that was found, by the id that it was found by. */
export interface PromptDocument {
  readonly id: number;
  readonly text: string;
}

/** What is asked: a prompt of at most `budget` characters. */
export interface Assembling {
  readonly template: string;
  readonly question: string;
  readonly documents: readonly PromptDocument[];
  readonly budget: number;
}

export interface Assembled {
  readonly prompt: string;
  readonly used: readonly number[];
}

/** How many characters a text has: code points. */
export const characterCount = (text: string): number => [...text].length;

const placesOf = (placeholder: string, template: string): number =>
  template.split(placeholder).length - 1;

/** How many characters a prompt has with the first so many documents, counted without making it. */
export function promptLength(
  { template, question, documents }: Omit<Assembling, 'budget'>,
  used: number,
): number {
  const texts = documents.slice(0, used).map(({ text }) => characterCount(text));
  const between = Math.max(0, used - 1) * documentSeparator.length;
  const joined = texts.reduce((sum, length) => sum + length, between);
  return (
    characterCount(template) +
    placesOf(questionPlaceholder, template) *
      (characterCount(question) - questionPlaceholder.length) +
    placesOf(documentsPlaceholder, template) * (joined - documentsPlaceholder.length)
  );
}

/** Something about an input that is wrong, and where. */
interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Why there is no prompt, and what has to change; or nothing. */
export function assemblyProblem(asked: Assembling): Problem | undefined {
  const { template, question, documents, budget } = asked;
  const missing = [questionPlaceholder, documentsPlaceholder].find(
    (one) => !template.includes(one),
  );
  if (missing !== undefined)
    return { path: ['template'], message: `expected ${missing} in it, got none` };
  const texts = [
    { path: ['template'], text: template },
    { path: ['question'], text: question },
    ...documents.map(({ text }, i) => ({ path: ['documents', i, 'text'], text })),
  ];
  const broken = texts.find(({ text }) => !isWellFormed(text));
  if (broken !== undefined)
    return {
      path: broken.path,
      message: 'expected well-formed text, got a surrogate without its partner',
    };
  const ids = documents.map(({ id }) => id);
  const second = placeOfRepeat(ids);
  if (second !== undefined)
    return {
      path: ['documents', second, 'id'],
      message: `expected an id that is not there yet, got ${ids[second]}`,
    };
  const least = promptLength(asked, 0);
  if (budget >= least) return undefined;
  const message = `expected at least ${least}, for template and question are never cut; got ${budget}`;
  return { path: ['budget'], message };
}
