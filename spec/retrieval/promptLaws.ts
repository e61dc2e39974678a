import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import {
  characterCount,
  documentSeparator,
  documentsPlaceholder,
  promptLength,
  questionPlaceholder,
  type Assembled,
  type Assembling,
} from './prompts.ts';

type PromptLaw = Law<Assembling, Assembling, Assembled>;

const idsOf = ({ documents }: Assembling): readonly number[] => documents.map(({ id }) => id);
const lines = (ids: readonly number[]): string => `[${ids.join(', ')}]`;
const shown = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);

const sameIds = (expected: readonly number[], actual: readonly number[]): string | undefined =>
  lines(expected) === lines(actual)
    ? undefined
    : `expected to use ${lines(expected)}, got ${lines(actual)}`;

/** Where two texts first differ, or nothing. */
function samePrompt(expected: string, actual: string): string | undefined {
  if (expected === actual) return undefined;
  const at = Array.from(expected).findIndex((_, i) => expected[i] !== actual[i]);
  const from = Math.max(0, (at < 0 ? actual.length : at) - 10);
  return `expected ${shown(expected.slice(from))} from ${from} on, got ${shown(actual.slice(from))}`;
}

/** The law that a changed input has the same prompt and the same documents in it. */
const unchangedBy =
  (change: (input: Assembling, used: number) => Assembling | undefined): PromptLaw =>
  async (input, run) => {
    const { prompt, used } = (await run(input)).output;
    const changed = change(input, used.length);
    if (changed === undefined) return inapplicable;
    const other = (await run(changed)).output;
    return sameIds(used, other.used) ?? samePrompt(prompt, other.prompt);
  };

/** The template with what it holds set in by taking it apart, documents first: nothing that is set in is taken apart again. */
function filled({ template, question, documents }: Assembling, used: number): string {
  const texts = documents.slice(0, used).map(({ text }) => text);
  return template
    .split(documentsPlaceholder)
    .map((part) => part.split(questionPlaceholder).join(question))
    .join(texts.join(documentSeparator));
}

const oneLess: PromptLaw = async (input, run) => {
  const { prompt, used } = (await run(input)).output;
  const budget = characterCount(prompt) - 1;
  if (used.length === 0 || budget < Math.max(1, promptLength(input, 0))) return inapplicable;
  const less = (await run({ ...input, budget })).output;
  return less.used.length < used.length
    ? sameIds(used.slice(0, less.used.length), less.used)
    : `expected fewer than ${used.length} documents with a budget of ${budget}, got ${less.used.length}`;
};

const disguise = (text: string): string => '\u{1F600}'.repeat(characterCount(text));

const unread: PromptLaw = async (input, run) => {
  const { prompt, used } = (await run(input)).output;
  const question = disguise(input.question);
  const documents = input.documents.map(({ id, text }) => ({ id, text: disguise(text) }));
  const other = (await run({ ...input, question, documents })).output;
  const [length, otherLength] = [characterCount(prompt), characterCount(other.prompt)];
  if (length !== otherLength)
    return `the prompt has ${length} characters, with others in the texts ${otherLength}`;
  return sameIds(used, other.used);
};

const renamed: PromptLaw = async (input, run) => {
  const { prompt, used } = (await run(input)).output;
  const rename = (id: number) => 1_000_000 - id;
  const documents = input.documents.map(({ id, text }) => ({ id: rename(id), text }));
  const other = (await run({ ...input, documents })).output;
  return sameIds(used.map(rename), other.used) ?? samePrompt(prompt, other.prompt);
};

export const promptLaws: Readonly<Record<string, PromptLaw>> = {
  'has no more characters than the budget': async (input, run) => {
    const length = characterCount((await run(input)).output.prompt);
    return length <= input.budget ? undefined : `${length} characters for ${input.budget}`;
  },
  'is the template with the question and the documents that it used': async (input, run) => {
    const { prompt, used } = (await run(input)).output;
    return samePrompt(filled(input, used.length), prompt);
  },
  'holds the question and every document that it used, word for word': async (input, run) => {
    const { prompt, used } = (await run(input)).output;
    const texts = input.documents.filter(({ id }) => used.includes(id)).map(({ text }) => text);
    const lost = [input.question, ...texts].find((text) => !prompt.includes(text));
    return lost === undefined ? undefined : `${shown(lost)} is not in the prompt`;
  },
  'uses the first documents': async (input, run) => {
    const { used } = (await run(input)).output;
    return sameIds(idsOf(input).slice(0, used.length), used);
  },
  'stops only where the next document does not fit': async (input, run) => {
    const { used } = (await run(input)).output;
    if (used.length >= input.documents.length) return inapplicable;
    const longer = promptLength(input, used.length + 1);
    return longer > input.budget
      ? undefined
      : `with document ${used.length} too it had ${longer} characters, for ${input.budget}`;
  },
  'uses every document where the budget is that of all': async (input, run) => {
    const budget = Math.max(1, promptLength(input, input.documents.length));
    return sameIds(idsOf(input), (await run({ ...input, budget })).output.used);
  },
  'does not change with a budget of just its length': async (input, run) => {
    const { length } = [...(await run(input)).output.prompt];
    const tight = unchangedBy(() => (length > 0 ? { ...input, budget: length } : undefined));
    return tight(input, run);
  },
  'uses fewer documents, the same ones, with one character less': oneLess,
  'does not look behind the first document that it leaves out': unchangedBy((input, used) =>
    used + 1 < input.documents.length
      ? { ...input, documents: input.documents.slice(0, used + 1) }
      : undefined,
  ),
  'does not read what it puts in': unread,
  'follows new names of the documents, which are not in the prompt': renamed,
};
