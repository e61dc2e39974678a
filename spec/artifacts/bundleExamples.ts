import type { Architecture } from '../accounting/architecture.ts';
import type { Example } from '../component.ts';
import { bundleOf, tokensOf, weight, weightsOf, type Bundle, type Draft } from './bundleInputs.ts';

const gpt: Architecture = {
  family: 'gpt',
  vocabulary: 8,
  context: 3,
  width: 4,
  layers: 1,
  heads: 2,
  feedForwardWidth: 5,
  biases: true,
  tiedOutput: true,
};
const { vocabulary, merges } = tokensOf(8, 1);
const weights = weightsOf(gpt);
const whole: Draft = {
  tokenizer: { kind: 'bytePair', merges },
  vocabulary,
  architecture: gpt,
  weights,
};
const changed = (change: Partial<Draft>): Bundle => bundleOf({ ...whole, ...change });

export const bundleExamples: readonly Example<Bundle>[] = [
  {
    id: 'agreeing',
    why: 'four parts that agree',
    flags: ['ordinary'],
    input: bundleOf(whole),
  },
  {
    id: 'weights-alone',
    why: 'every other part is missing, and each is named',
    flags: ['missing'],
    input: { weights: bundleOf(whole).weights },
  },
  {
    id: 'one-token-more',
    why: 'a vocabulary of another size than the table: the last id has no row',
    flags: ['vocabulary'],
    input: changed({ vocabulary: [...vocabulary, '<pad>'] }),
  },
  {
    id: 'fewer-tokens',
    why: 'a table of more rows than tokens is no agreement either, and a token that a merge makes is gone',
    flags: ['vocabulary', 'merges'],
    input: changed({ vocabulary: vocabulary.slice(0, -1) }),
  },
  {
    id: 'token-twice',
    why: 'as many tokens, one of them twice: an id that is never given',
    flags: ['vocabulary', 'duplicates'],
    input: changed({ vocabulary: vocabulary.with(0, 'a') }),
  },
  {
    id: 'unknown-token',
    why: 'the unknown token itself is in no vocabulary',
    flags: ['tokenizer'],
    input: changed({ tokenizer: { kind: 'wordPiece', unknown: '<unk>' } }),
  },
  {
    id: 'merges',
    why: 'a half of a merge that is unknown, and a sum that is; each once, by the number of the merge',
    flags: ['tokenizer', 'merges'],
    input: changed({
      tokenizer: {
        kind: 'bytePair',
        merges: [...merges, ['a', 'q'], ['q', 'a'], ['\u{1f600}', '\u{1f600}\u{1f600}']],
      },
    }),
  },
  {
    id: 'untied',
    why: 'an output that is not tied is not there: a loader would leave it random',
    flags: ['safetensors-07', 'tied'],
    input: changed({ architecture: { ...gpt, tiedOutput: false } }),
  },
  {
    id: 'transposed',
    why: 'a transposed matrix has the right number of parameters and the wrong shape',
    flags: ['safetensors-08', 'shape'],
    input: changed({
      weights: weights.map((one) =>
        one.name === 'layers.0.feedForward.weight1' ? { ...one, shape: [5, 4] } : one,
      ),
    }),
  },
  {
    id: 'one-layer-more',
    why: 'each tensor of the layer that is missing is named, and the number of parameters once',
    flags: ['layers'],
    input: changed({ architecture: { ...gpt, layers: 2 } }),
  },
  {
    id: 'left-over',
    why: 'a tensor that the architecture does not have, and one without any numbers',
    flags: ['left-over', 'empty'],
    input: changed({
      architecture: { ...gpt, biases: false },
      weights: [...weights, weight('rotary', [2]), weight('empty', [0])],
    }),
  },
];
