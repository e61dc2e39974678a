import { rowsOf, tensor } from '../../spec/tensor.ts';
import { claim, type Assay } from './assay.ts';
import type { Embedded } from './embedding.ts';
import { asking, searching, type FoundPassage, type Passage, type Prompt } from './retrieval.ts';
import type { Done } from './stage.ts';

/** What an answer cites: passages that stood in its prompt, and numbers of others. */
export interface Sources {
  readonly cited: readonly number[];
  readonly unfounded: readonly number[];
}

/** What the pipeline has to agree with, and what it is asked about. */
export interface Answer extends Prompt {
  readonly question: string;
  readonly found: readonly FoundPassage[];
  readonly generated: string;
}

/** The passages of each document with their vectors, as the pipeline takes them in. */
function ingestions(passages: readonly Passage[], vectors: Embedded['passages']) {
  const rows = rowsOf(vectors);
  const titles = [...new Set(passages.map(({ title }) => title))];
  return titles.map((document) => {
    const own = passages.filter(({ title }) => title === document);
    const values = own.map(({ id }) => rows[id] ?? []);
    return {
      action: 'ingest',
      input: {
        document,
        chunks: own.map(({ id, text }) => ({ id, text, metadata: [] })),
        vectors: tensor('float32', [own.length, vectors.shape[1] ?? 0], values.flat()),
      },
    };
  });
}

/** Does in one session what index and prompt have done, and asks which passages the answer cites. */
export async function runPipeline(
  assay: Assay,
  passages: readonly Passage[],
  { passages: vectors, question: query }: Embedded,
  { question, found, prompt, generated }: Answer,
): Promise<Done<Sources>> {
  const { metric, k } = searching;
  const { answers } = await assay.judged('retrievalPipeline', {
    open: { dimension: query.shape[0], metric },
    actions: [
      ...ingestions(passages, vectors),
      { action: 'search', input: { query, k } },
      { action: 'assemble', input: { question, ...asking } },
      { action: 'attribute', input: { answer: generated } },
    ],
  });
  const [searched, assembled, attributed] = answers.slice(-3);
  const ids = found.map(({ id }) => id);
  claim(searched?.ids?.join() === ids.join(), 'the pipeline finds others than the index');
  claim(assembled?.prompt === prompt, 'the pipeline assembles another prompt');
  const cited = (attributed?.citations ?? []).map(({ id }) => id);
  const unfounded = attributed?.unfounded ?? [];
  return {
    did: `the same again; cites ${cited.length}, ${unfounded.length} unfounded`,
    result: { cited, unfounded },
  };
}
