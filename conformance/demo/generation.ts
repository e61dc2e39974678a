import { sequences } from '../../spec/embedding/tokens.ts';
import { randomStream } from '../../spec/generate.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import type { Assay } from './assay.ts';
import type { Done } from './stage.ts';
import { decoded, encoded, type Tokenizer } from './tokenizer.ts';
import type { Model } from './training.ts';

/** How a token is drawn. */
const sampling = { temperature: 0.8, topK: 20, topP: 0.9 };
const length = 60;

/** The next token: its logits are those of the last token within the context. */
async function nextToken(
  assay: Assay,
  { weights, config }: Model,
  tokens: readonly number[],
  u: number,
): Promise<number> {
  const ids = sequences([tokens.slice(-config.context)]);
  const { logits } = await assay.taken('gpt', { ids, weights, config });
  const last = rowsOf(logits).at(-1) ?? [];
  const row = tensor(logits.dtype, [last.length], last);
  const { probabilities } = await assay.judged('samplingDistribution', {
    logits: row,
    ...sampling,
  });
  return (await assay.judged('sampleToken', { probabilities, u })).token;
}

/** Goes on from a prompt. */
export async function generate(
  assay: Assay,
  {
    tokenizer,
    model,
    prompt,
    seed,
  }: {
    readonly tokenizer: Tokenizer;
    readonly model: Model;
    readonly prompt: string;
    readonly seed: number;
  },
): Promise<Done<string>> {
  const next = randomStream(seed + 2);
  const given = await encoded(assay, tokenizer, prompt);
  const said: number[] = [];
  while (said.length < length)
    said.push(await nextToken(assay, model, [...given, ...said], next()));
  const { temperature, topK, topP } = sampling;
  return {
    did: `${length} tokens: T ${temperature}, top-k ${topK}, top-p ${topP}`,
    result: await decoded(assay, tokenizer, said),
  };
}
