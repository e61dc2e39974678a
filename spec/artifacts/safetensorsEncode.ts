import fc from 'fast-check';
import { component } from '../component.ts';
import { fields } from '../schema.ts';
import { contents } from './anyWriter.ts';
import { fileBytes, metadataSchema, partsOf, refuseUnwritable, tensorsSchema } from './content.ts';
import { encodeExamples, example } from './encodeExamples.ts';
import { encodeLaws } from './safetensorsLaws.ts';
import { contentFrom, fileSizes } from './sizes.ts';

const a = example('a', 'F32', [2]);

/**
 * file = N ∥ header ∥ data, of all files that hold these tensors the one that the format's own implementation writes.
 *
 * The tensors of the widest alignment come first (U64, I64, F64, C64, F32, U32, I32, BF16, F16, U16, I16, then those of a byte), those of one
 * dtype by name in the order of code points, in the header as in the data. The header has no spaces but those that fill it up to a multiple of
 * 8 bytes, so that every tensor begins at a multiple of its elements' width. Metadata come first, and not at all where there are none; the
 * implementation leaves their order open, here it is that of their keys.
 *
 * @example
 * safetensorsEncode({ tensors: [] }) // → { bytes: [8, 0, 0, 0, 0, 0, 0, 0, 123, 125, 32, 32, 32, 32, 32, 32] }
 */
export const safetensorsEncode = component({
  family: 'artifacts',
  summary: 'Writes tensors and metadata as a .safetensors file.',
  formula: String.raw`\text{file} = N_{\text{u64}} \parallel \text{header}_{N} \parallel t_1 \parallel t_2 \parallel \dots,\quad 8 \mid N`,
  source:
    'github.com/huggingface/safetensors, safetensors/src/tensor.rs (prepare, serialize); the order of metadata, and that empty ones are left out, are house definitions',
  domain:
    'Names and metadata are texts that UTF-8 can hold, each name once, __metadata__ none of them. The bytes of a tensor are as many as its dtype and shape say.',
  input: fields({
    tensors: tensorsSchema.meta({ description: 'in any order' }),
    metadata: metadataSchema.meta({ description: 'in any order' }).default([]),
  }).superRefine(refuseUnwritable),
  output: fields({ bytes: fileBytes('the canonical file') }),
  arbitrary: (level) => contents(level).map(partsOf),
  sized: { ...fileSizes, input: (lengths, draw) => partsOf(contentFrom(lengths, draw)) },
  invalid: {
    'two tensors of one name': fc.constant({ tensors: [a, { ...a, dtype: 'I32' }] }),
    'a tensor that is named as the metadata': fc.constant({
      tensors: [{ ...a, name: '__metadata__' }],
    }),
    'more bytes than shape and dtype have': fc.constant({ tensors: [{ ...a, shape: [1] }] }),
    'fewer bytes than shape and dtype have': fc.constant({ tensors: [{ ...a, dtype: 'F64' }] }),
    'a negative length': fc.constant({ tensors: [{ ...a, shape: [-1, -2] }] }),
    'a dtype that there is not': fc.constant({ tensors: [{ ...a, dtype: 'float32' }] }),
    'a name that is half of a surrogate pair': fc.constantFrom('\ud800', 'a\udc00').map((name) => ({
      tensors: [{ ...a, name }],
    })),
    'a key that is there twice': fc.constant({
      tensors: [a],
      metadata: [
        { key: 'k', value: 'x' },
        { key: 'k', value: 'y' },
      ],
    }),
  },
  boundSource: 'exact',
  laws: encodeLaws,
  examples: encodeExamples,
});
