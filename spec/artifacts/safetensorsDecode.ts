import { component } from '../component.ts';
import fc from 'fast-check';
import { fields } from '../schema.ts';
import { anyFile, contents, habits } from './anyWriter.ts';
import { fileBytes, metadataSchema, refuseMalformed, tensorsSchema } from './content.ts';
import { decodeExamples } from './decodeExamples.ts';
import { asInput, hostileFiles } from './hostile.ts';
import { decodeLaws } from './safetensorsLaws.ts';
import { uint8 } from './content.ts';
import { writeSafetensors } from './file.ts';
import { contentFrom, fileSizes } from './sizes.ts';

/**
 * A file is the length N of its header (8 bytes, little-endian), N bytes of JSON that name for each tensor its dtype, shape and the offsets
 * [begin, end) of its bytes, and those bytes.
 *
 * Offsets count from the end of the header, not from that of the file; the order of the names says nothing about that of the data. A tensor
 * without axes has one element, one with a length of 0 has none. What the elements are is their bytes: as numbers a 64-bit integer beyond
 * 2^53, the payload of a NaN and most dtypes would be lost. Tensors and metadata are listed by name, in the order of code points.
 *
 * Every file that the format's text forbids is rejected: a header of more than 100 MB, one that does not begin with { or is not UTF-8, names
 * or fields that come twice, offsets that overlap, leave a hole or do not reach the end, and sizes that are not those of shape and dtype.
 *
 * @example
 * safetensorsDecode({ bytes: [56, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from('{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}   '), 7, 9] }) // → { tensors: [{ shape: [2], bytes: [7, 9] }], metadata: [] }
 */
export const safetensorsDecode = component({
  family: 'artifacts',
  summary: 'Reads the tensors and metadata of a .safetensors file.',
  formula: String.raw`\text{file} = N_{\text{u64}} \parallel \text{header}_{N} \parallel \text{data},\quad t = \text{data}[b_t, e_t),\quad e_t - b_t = \tfrac18\,\text{bits}(t) \prod_i \ell_i,\quad \bigsqcup_t [b_t, e_t) = [0, |\text{data}|)`,
  source:
    'github.com/huggingface/safetensors, README (Format) and safetensors/src/tensor.rs (validate, MAX_HEADER_SIZE); the order of the answer, and that a tensor is its bytes, are house definitions',
  domain:
    'Any bytes. Lengths and offsets are digits alone and below 2^53. JSON’s spaces may stand between the parts of the header, spaces alone behind it. A field besides dtype, shape and data_offsets is refused; the format does not say. Of the dtypes, touchstone’s own tensors hold F64, F32, F16, BF16, I64 (within 2^53), I32, U8 and BOOL (spec/artifacts/numbers.ts).',
  input: fields({ bytes: fileBytes('a whole file') }).superRefine(refuseMalformed),
  output: fields({
    tensors: tensorsSchema.meta({ description: 'by name, in the order of code points' }),
    metadata: metadataSchema.meta({ description: 'by key, in the order of code points' }),
  }),
  arbitrary: (level) =>
    fc.tuple(contents(level), habits).map(([content, how]) => asInput(anyFile(content, how))),
  sized: {
    ...fileSizes,
    input: (lengths, draw) => ({ bytes: uint8(writeSafetensors(contentFrom(lengths, draw))) }),
  },
  invalid: hostileFiles,
  boundSource: 'exact',
  laws: decodeLaws,
  examples: decodeExamples,
});
