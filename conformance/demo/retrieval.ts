import type { Output } from '../../spec/index.ts';
import { tensor } from '../../spec/tensor.ts';
import { claim, type Assay } from './assay.ts';
import { counted } from './counted.ts';
import type { Document } from './documents.ts';
import type { Embedded } from './embedding.ts';
import type { Done } from './stage.ts';

/** A piece of a document; its number is its place among all. */
export interface Passage {
  readonly id: number;
  readonly title: string;
  readonly text: string;
}

/** A passage that was found, and how like the question it is. */
export interface FoundPassage extends Passage {
  readonly score: number;
}

/** Characters of a passage, and how many of them it has in common with the one before. */
const cutting = { size: 80, overlap: 16 };

/** How the index is searched. */
export const searching = { metric: 'cosine', k: 3 } as const;

/** Cuts documents into passages. */
export async function cutUp(
  assay: Assay,
  documents: readonly Document[],
): Promise<Done<readonly Passage[]>> {
  const pieces: Omit<Passage, 'id'>[] = [];
  for (const { title, text } of documents) {
    const { chunks } = await assay.judged('chunking', { text, ...cutting });
    for (const chunk of chunks) pieces.push({ title, text: chunk.text });
  }
  return {
    did: `${counted(documents.length, 'text')}: ${counted(pieces.length, 'passage')} of ${cutting.size} characters`,
    result: pieces.map((piece, id) => ({ id, ...piece })),
  };
}

/** A passage as it stands in a prompt, where an answer may cite it. */
export const quotedPassage = ({ id, text }: Passage): string => `[${id}] ${text}`;

/** Puts the passages into a flat index, and searches it for the question. */
export async function searchIndex(
  assay: Assay,
  passages: readonly Passage[],
  { passages: vectors, question }: Embedded,
): Promise<Done<readonly FoundPassage[]>> {
  const { metric, k } = searching;
  const [dimension = 0] = question.shape;
  const queries = tensor('float32', [1, dimension], question.data);
  const ids = passages.map(({ id }) => id);
  const { answers } = await assay.judged('flatIndex', {
    open: { dimension, metric },
    actions: [
      { action: 'add', input: { ids, vectors } },
      { action: 'search', input: { queries, k } },
    ],
  });
  const found = foundIn(passages, answers.at(-1));
  claim(found.length === k, `expected ${k} passages, got ${found.length}`);
  return {
    did: `flat, ${metric}: the ${k} nearest of ${passages.length}`,
    result: found,
  };
}

type Answered = Output<'flatIndex'>['answers'][number];

const foundIn = (passages: readonly Passage[], answer: Answered | undefined) =>
  (answer?.ids?.[0] ?? []).flatMap((id, i) => {
    const passage = passages[id];
    const score = answer?.scores?.[0]?.data[i] ?? NaN;
    return passage === undefined ? [] : [{ ...passage, score }];
  });

/** How a prompt is put together, and how many characters it may have. */
export const asking = { template: '{{documents}}\n{{question}} ', budget: 240 };

export interface Prompt {
  readonly prompt: string;
  /** The passages that stand in it. */
  readonly used: readonly number[];
}

/** Puts what was found and the question into a prompt. */
export async function assemble(
  assay: Assay,
  found: readonly Passage[],
  question: string,
): Promise<Done<Prompt>> {
  const { prompt, used } = await assay.judged('promptAssembly', {
    ...asking,
    question,
    documents: found.map((passage) => ({ id: passage.id, text: quotedPassage(passage) })),
  });
  claim(used.length > 0, 'no passage fits into the prompt');
  return {
    did: `${counted(used.length, 'passage')} + question: ${counted(prompt.length, 'character')}`,
    result: { prompt, used },
  };
}
