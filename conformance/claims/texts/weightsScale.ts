import type { RawInput } from '../../../spec/index.ts';
import { claimsOf, number } from '../claim.ts';
import { ask, minus, per, plus, range, solved, times } from '../expression.ts';
import { gpt3, gpt3Rounded, gpt3Source, published } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const million = 1e6;
const billion = 1e9;
type Architecture = RawInput<'parameterCount'>['architecture'];

const parameters = (architecture: Architecture, path = 'total') =>
  ask('parameterCount', { architecture }, path);
const group = (name: string, architecture: Architecture = gpt3Rounded) =>
  parameters(architecture, `groups.${name}`);
const untied = { ...gpt3Rounded, tiedOutput: false } as const;
const bare = { ...gpt3Rounded, biases: false } as const;

/** What one layer more adds: what stands once is gone. */
const perLayer = (path: string, architecture: typeof bare | typeof gpt3Rounded = bare) =>
  minus(
    parameters({ ...architecture, layers: 97 }, path),
    parameters({ ...architecture, layers: 96 }, path),
  );
const gpt2 = (width: number, layers: number, heads: number) =>
  per(
    parameters({ ...published.gpt2, width, layers, heads, feedForwardWidth: 4 * width }),
    billion,
  );
const weights = (parameterCount: number, bitsPerWeight: number) =>
  ask('weightMemory', { parameters: parameterCount, bitsPerWeight }, 'bytes');
const attentionParameters = [
  { when: 'weights alone', value: per(perLayer('groups.attention'), million) },
  { when: 'with biases', value: per(perLayer('groups.attention', gpt3Rounded), million) },
] as const;

export const weightsScale = claimsOf(text, [
  {
    id: 'gpt3-parameters',
    line: 309,
    claim: 'a model of 96 layers and 12,288 numbers a token has 175 billion parameters',
    said: number('175'),
    value: per(parameters(gpt3), billion),
    because: gpt3Source,
  },
  {
    id: 'gpt3-layers',
    line: 314,
    claim: 'the 175 billion are in 96 layers',
    said: number('96'),
    value: solved(range(1, 200), (layers) => parameters({ ...gpt3, layers }), 175e9),
    because: gpt3Source,
  },
  {
    id: 'gpt35-width',
    line: 522,
    claim: 'the model of 175 billion has vectors of 12,288 numbers',
    said: number('12288'),
    value: solved(
      range(96, 16384, 96),
      (width) => parameters({ ...gpt3, width, feedForwardWidth: 4 * width }),
      175e9,
    ),
    because: `GPT-3’s figures: nothing is published of GPT-3.5; ${gpt3Source}`,
  },
  {
    id: 'table-parameters',
    line: 523,
    claim: 'its table of 50,000 tokens has 614.4 million parameters',
    said: number('614.4'),
    value: per(group('tokenEmbedding'), million),
  },
  {
    id: 'attention-parameters',
    line: 526,
    claim: 'the four matrices of attention have 603.9 million parameters a layer',
    said: number('603.9'),
    value: attentionParameters,
    because: 'cut off, not rounded',
  },
  {
    id: 'feed-forward-parameters',
    line: 527,
    claim: 'the two matrices of the feed-forward have 1.2 billion a layer',
    said: number('1.2'),
    value: per(perLayer('groups.feedForward'), billion),
  },
  {
    id: 'norm-parameters',
    line: 528,
    claim: 'layer normalization has 24,576 parameters a layer',
    said: number('24576'),
    value: perLayer('groups.layerNorm'),
    because: 'a layer has two norms, each with a gain and a bias',
  },
  {
    id: 'layer-parameters',
    line: 529,
    claim: 'a layer has about 1.8 billion parameters',
    said: number('1.8'),
    value: per(perLayer('total'), billion),
  },
  {
    id: 'all-layers',
    line: 530,
    claim: '96 layers have 172.8 billion',
    said: number('172.8'),
    value: per(times(perLayer('total'), 96), billion),
    because: 'the 1.8 of a layer was rounded before it was multiplied',
  },
  {
    id: 'output-parameters',
    line: 533,
    claim: 'the output has 614.4 million parameters of its own',
    said: number('614.4'),
    value: [
      { when: 'an output of its own', value: per(group('output', untied), million) },
      { when: 'tied to the table, as in GPT-2', value: per(group('output'), million) },
    ],
    because: 'Radford et al., 2019, and its code: the table is the output',
  },
  {
    id: 'final-norm',
    line: 534,
    claim: 'the last layer normalization has 12,288 parameters',
    said: number('12288'),
    value: minus(group('layerNorm'), times(perLayer('groups.layerNorm'), 96)),
    because: 'a gain and a bias',
  },
  {
    id: 'all-parameters',
    line: 536,
    claim: 'all of it comes to 175 billion',
    said: number('175'),
    value: [
      { when: 'tied', value: per(parameters(gpt3Rounded), billion) },
      { when: 'untied', value: per(parameters(untied), billion) },
    ],
  },
  {
    id: 'parts-as-printed',
    line: 536,
    claim: '614 million, 173 billion and 614 million come to 175 billion',
    said: number('175'),
    value: per(plus(weights(614e6, 8), plus(weights(173e9, 8), weights(614e6, 8))), billion),
    because: 'the sum of the figures that are printed',
  },
  {
    id: 'remaining-parameters',
    line: 537,
    claim: 'positions and biases are the remaining billion',
    said: number('1'),
    value: per(
      plus(group('positionEmbedding'), minus(parameters(gpt3Rounded), parameters(bare))),
      billion,
    ),
  },
  {
    id: 'weights-in-bytes',
    line: 540,
    claim: '175 billion parameters of 4 bytes are 700 GB',
    said: number('700'),
    value: [
      { when: 'GB of 10⁹ bytes', value: per(weights(175e9, 32), billion) },
      {
        when: 'GiB of 2³⁰, as memories of GPUs are counted',
        value: per(weights(175e9, 32), 2 ** 30),
      },
    ],
  },
  {
    id: 'bert-size',
    line: 546,
    claim: 'BERT-base has about 100 million parameters',
    said: number('1e8'),
    value: parameters(published.bert),
  },
  {
    id: 'gpt2-size',
    line: 547,
    claim: 'GPT-2 has about a billion parameters',
    said: number('1'),
    value: [
      { when: 'small', value: gpt2(768, 12, 12) },
      { when: 'medium', value: gpt2(1024, 24, 16) },
      { when: 'large', value: gpt2(1280, 36, 20) },
      { when: 'XL', value: gpt2(1600, 48, 25) },
    ],
    because: 'Radford et al., 2019, table 2: four sizes',
  },
  {
    id: 'gpt3-size',
    line: 548,
    claim: 'GPT-3 has more than 100 billion parameters',
    said: { from: '100e9' },
    value: parameters(gpt3),
    because: gpt3Source,
  },
]);
