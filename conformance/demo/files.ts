import type { Answered } from './demo.ts';

/** How a byte pair tokenizer of GPT-2's kind is written by Hugging Face's libraries. */
const tokenizerJson = ({ vocabulary, merges }: Answered['tokenizer']): object => {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { ...byteLevel, use_regex: true },
    post_processor: null,
    decoder: { ...byteLevel, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges,
    },
  };
};

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The names of the files that a demo can leave behind. */
export const fileNames = ['tokenizer.json', 'config.json', 'model.safetensors'] as const;
type FileName = (typeof fileNames)[number];

/** What was learned, as files: the tokenizer as Hugging Face writes it, the architecture as parameterCount takes it, and the weights. */
export const filesOf = ({
  tokenizer,
  model,
}: Answered): Readonly<Record<FileName, string | Uint8Array>> => ({
  'tokenizer.json': json(tokenizerJson(tokenizer)),
  'config.json': json({ family: 'gpt', ...model.config }),
  'model.safetensors': model.file,
});
