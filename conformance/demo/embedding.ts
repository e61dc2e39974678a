import { sequences } from '../../spec/embedding/tokens.ts';
import { greatestOf } from '../../spec/extremes.ts';
import type { Input } from '../../spec/index.ts';
import { rowsOf, tensor, type FloatTensor } from '../../spec/tensor.ts';
import { claim, type Assay } from './assay.ts';
import type { Done } from './stage.ts';
import { encoded, type Tokenizer } from './tokenizer.ts';
import type { Model } from './training.ts';

/** How an answer is got: judged, or, where that would take minutes, only taken. */
type Ask = Assay['judged'];

/** What the layers of gpt are told besides their weights: they are those of an encoder whose mask is causal. */
const layering = { norm: 'pre', activation: 'gelu' } as const;

/** What a decoder makes of tokens before its token table is read again: gpt, all but the last product. */
async function hiddenStates(
  assay: Assay,
  ask: Ask,
  { config, weights }: Model,
  ids: Input<'gpt'>['ids'],
): Promise<FloatTensor> {
  const { tokenTable, positionTable, layers, norm } = weights;
  const [, length = 0] = ids.shape;
  const { mask } = await assay.judged('causalMask', { queryLength: length, keyLength: length });
  let { output } = await assay.judged('inputEmbedding', { tokenTable, positionTable, ids });
  for (const layer of layers) {
    const given = { input: output, weights: layer, heads: config.heads, mask, ...layering };
    ({ output } = await ask('encoderLayer', given));
  }
  return (await assay.judged('layerNorm', { input: output, ...norm })).output;
}

/** Rows of tokens as long as the longest, and which of them are no padding. */
function padded(rows: readonly (readonly number[])[]) {
  const length = greatestOf(rows.map((row) => row.length));
  const filled = (value: (row: readonly number[], t: number) => number) =>
    rows.flatMap((row) => Array.from({ length }, (_, t) => value(row, t)));
  const shape = [rows.length, length];
  return {
    ids: tensor(
      'int32',
      shape,
      filled((row, t) => row[t] ?? 0),
    ),
    mask: tensor(
      'bool',
      shape,
      filled((row, t) => (t < row.length ? 1 : 0)),
    ),
  };
}

/** The mean of the hidden states of each row of tokens, of length one. */
async function meanStates(
  assay: Assay,
  model: Model,
  rows: readonly (readonly number[])[],
): Promise<FloatTensor> {
  const { ids, mask } = padded(rows);
  const hidden = await hiddenStates(assay, assay.taken, model, ids);
  const { output } = await assay.judged('pooling', { hidden, mask, mode: 'mean' });
  return (await assay.judged('unitNormalize', { input: output })).output;
}

const transposed = ({ dtype, shape, data }: FloatTensor): FloatTensor => {
  const [height = 0, width = 0] = shape;
  return tensor(
    dtype,
    [width, height],
    Array.from(data, (_, i) => data[(i % height) * width + Math.floor(i / height)] ?? NaN),
  );
};

/** The vectors of passages, a row each, and that of the question. */
export interface Embedded {
  readonly passages: FloatTensor;
  readonly question: FloatTensor;
}

/** So many tokens of the question are judged as hidden states of the model. */
const judgedLength = 8;

/** Judges the hidden states of a few tokens: times the token table they must be the logits that gpt is to give. */
async function proveStates(
  assay: Assay,
  { weights, config }: Model,
  tokens: readonly number[],
): Promise<void> {
  const ids = sequences([tokens.slice(0, judgedLength)]);
  const hidden = await hiddenStates(assay, assay.judged, { weights, config }, ids);
  const weight = transposed(weights.tokenTable);
  const { output: logits } = await assay.judged('linear', { input: hidden, weight });
  assay.prove('gpt', { ids, weights, config }, { logits });
}

/**
 * Makes a vector of every passage and of the question: the mean of its hidden states, of length one. Every part of that is judged but the layers,
 * which are judged on the first tokens of the question.
 */
export async function embed(
  assay: Assay,
  model: Model,
  tokenizer: Tokenizer,
  texts: { readonly passages: readonly string[]; readonly question: string },
): Promise<Done<Embedded>> {
  const { context, width } = model.config;
  const rows: (readonly number[])[] = [];
  for (const text of [texts.question, ...texts.passages]) {
    const ids = await encoded(assay, tokenizer, text);
    claim(ids.length <= context, `${ids.length} tokens are more than the context, ${context}`);
    rows.push(ids);
  }
  await proveStates(assay, model, rows[0] ?? []);
  const means = rowsOf(await meanStates(assay, model, rows));
  return {
    did: `${means.length} means of hidden states, of length one`,
    result: {
      passages: tensor('float32', [means.length - 1, width], means.slice(1).flat()),
      question: tensor('float32', [width], means[0] ?? []),
    },
  };
}
