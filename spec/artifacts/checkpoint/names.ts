import type { Architecture } from '../../accounting/architecture.ts';
import type { ParameterGroup } from '../../accounting/parameterTensors.ts';

/** A length: of the vocabulary, the context, the width, of the feed-forward layer, of the segments, three widths, one. */
type Length = 'V' | 'C' | 'D' | 'F' | 'S' | '3D' | '1';

/** When a tensor is there: always, or where linear layers have biases, the output a table of its own, the model a pooler. */
type When = 'always' | 'biases' | 'untied' | 'pooler' | 'buffer';

/** A tensor of an architecture: its name, in which # is the number of a layer, its axes, what it counts under, and when it is there. */
export interface Row {
  readonly name: string;
  readonly shape: readonly Length[];
  readonly group: ParameterGroup;
  readonly when: When;
  /** Whether it stands outside of the prefix that the others have. */
  readonly isOutside: boolean;
}

/** How a kind of checkpoint names its tensors. */
export interface Naming {
  readonly title: string;
  readonly family: Architecture['family'];
  readonly rows: readonly Row[];
}

const row = (
  name: string,
  axes: string,
  group: ParameterGroup,
  when: When = 'always',
  isOutside = false,
): Row => ({ name, shape: axes.split(' ').filter(isLength), group, when, isOutside });

const isLength = (text: string): text is Length => /^(V|C|D|F|S|3D|1)$/.test(text);

const norm = (name: string, gain = 'weight'): readonly Row[] => [
  row(`${name}.${gain}`, 'D', 'layerNorm'),
  row(`${name}.bias`, 'D', 'layerNorm'),
];

/** A linear layer, and its bias. */
const linear = (
  name: string,
  axes: string,
  bias: string,
  group: ParameterGroup,
): readonly Row[] => [
  row(`${name}.weight`, axes, group),
  row(`${name}.bias`, bias, group, 'biases'),
];

/** github.com/openai/gpt-2, src/model.py, as Hugging Face's GPT2Model names it: weights are [in, out]. */
const gpt2: Naming = {
  title: 'GPT-2',
  family: 'gpt',
  rows: [
    row('wte.weight', 'V D', 'tokenEmbedding'),
    row('wpe.weight', 'C D', 'positionEmbedding'),
    ...norm('h.#.ln_1'),
    ...linear('h.#.attn.c_attn', 'D 3D', '3D', 'attention'),
    ...linear('h.#.attn.c_proj', 'D D', 'D', 'attention'),
    ...norm('h.#.ln_2'),
    ...linear('h.#.mlp.c_fc', 'D F', 'F', 'feedForward'),
    ...linear('h.#.mlp.c_proj', 'F D', 'D', 'feedForward'),
    ...norm('ln_f'),
    row('lm_head.weight', 'V D', 'output', 'untied', true),
    row('h.#.attn.bias', '1 1 C C', 'attention', 'buffer'),
    row('h.#.attn.masked_bias', '', 'attention', 'buffer'),
  ],
};

/** github.com/google-research/bert, modeling.py, as Hugging Face's BertModel names it: weights are [out, in]. */
const bert: Naming = {
  title: 'BERT',
  family: 'bert',
  rows: [
    row('embeddings.word_embeddings.weight', 'V D', 'tokenEmbedding'),
    row('embeddings.position_embeddings.weight', 'C D', 'positionEmbedding'),
    row('embeddings.token_type_embeddings.weight', 'S D', 'segmentEmbedding'),
    ...norm('embeddings.LayerNorm'),
    ...['query', 'key', 'value'].flatMap((part) =>
      linear(`encoder.layer.#.attention.self.${part}`, 'D D', 'D', 'attention'),
    ),
    ...linear('encoder.layer.#.attention.output.dense', 'D D', 'D', 'attention'),
    ...norm('encoder.layer.#.attention.output.LayerNorm'),
    ...linear('encoder.layer.#.intermediate.dense', 'F D', 'F', 'feedForward'),
    ...linear('encoder.layer.#.output.dense', 'D F', 'D', 'feedForward'),
    ...norm('encoder.layer.#.output.LayerNorm'),
    row('pooler.dense.weight', 'D D', 'pooler', 'pooler'),
    row('pooler.dense.bias', 'D', 'pooler', 'pooler'),
    row('embeddings.position_ids', '1 C', 'positionEmbedding', 'buffer'),
  ],
};

/** The names of spec/models/weights.ts: weights are [in, out]. */
const attention = (name: string): readonly Row[] =>
  ['query', 'key', 'value', 'output'].flatMap((part) => [
    row(`${name}.${part}Weight`, 'D D', 'attention'),
    row(`${name}.${part}Bias`, 'D', 'attention', 'biases'),
  ]);
const encoderLayer = (name: string): readonly Row[] => [
  ...attention(`${name}.attention`),
  ...norm(`${name}.attentionNorm`, 'gain'),
  row(`${name}.feedForward.weight1`, 'D F', 'feedForward'),
  row(`${name}.feedForward.bias1`, 'F', 'feedForward', 'biases'),
  row(`${name}.feedForward.weight2`, 'F D', 'feedForward'),
  row(`${name}.feedForward.bias2`, 'D', 'feedForward', 'biases'),
  ...norm(`${name}.feedForwardNorm`, 'gain'),
];
const decoderLayer = (name: string): readonly Row[] => [
  ...encoderLayer(name),
  ...attention(`${name}.crossAttention`),
  ...norm(`${name}.crossAttentionNorm`, 'gain'),
];
const tokenTable = row('tokenTable', 'V D', 'tokenEmbedding');
const positionTable = row('positionTable', 'C D', 'positionEmbedding');

const ownGpt: Naming = {
  title: 'touchstone',
  family: 'gpt',
  rows: [
    tokenTable,
    positionTable,
    ...encoderLayer('layers.#'),
    ...norm('norm', 'gain'),
    row('outputWeight', 'D V', 'output', 'untied'),
  ],
};
const ownBert: Naming = {
  title: 'touchstone',
  family: 'bert',
  rows: [
    tokenTable,
    positionTable,
    row('segmentTable', 'S D', 'segmentEmbedding'),
    ...norm('embeddingNorm', 'gain'),
    ...encoderLayer('layers.#'),
    row('pooler.weight', 'D D', 'pooler', 'pooler'),
    row('pooler.bias', 'D', 'pooler', 'pooler'),
  ],
};
const ownEncoderDecoder: Naming = {
  title: 'touchstone',
  family: 'encoderDecoder',
  rows: [tokenTable, ...encoderLayer('encoder.#'), ...decoderLayer('decoder.#')],
};

export const namings: readonly Naming[] = [gpt2, bert, ownGpt, ownBert, ownEncoderDecoder];

/** Layers for a task, on top of a model: no part of an architecture. */
export const isHead = (name: string): boolean =>
  /^(?:cls|classifier|qa_outputs|score|multiple_choice_head)\./.test(name);
