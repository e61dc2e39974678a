import { randomStream } from '../generate.ts';
import type { Parts, HeldTensor } from './content.ts';
import { uint8 } from './content.ts';
import { bytesOfElements, type ElementType } from './elementTypes.ts';

/** A tensor of bytes that follow from its name: no two are alike. */
export function example(name: string, dtype: ElementType, shape: readonly number[]): HeldTensor {
  const next = randomStream(Array.from(name).reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7));
  const length = bytesOfElements(dtype, shape) ?? 0;
  const most = dtype === 'BOOL' ? 2 : 256;
  return {
    name,
    dtype,
    shape,
    bytes: uint8(Uint8Array.from({ length }, () => Math.floor(next() * most))),
  };
}

interface Written {
  readonly id: string;
  readonly why: string;
  readonly flags: readonly string[];
  readonly input: { readonly tensors: Parts['tensors']; readonly metadata?: Parts['metadata'] };
}

const square = example('weight', 'F32', [2, 2]);

export const encodeExamples: readonly Written[] = [
  {
    id: 'ordinary',
    why: 'the widest alignment first, then by name; a header filled up to a multiple of 8',
    flags: ['ordinary', 'order'],
    input: {
      tensors: [
        example('b', 'F32', [2]),
        example('z', 'BOOL', [3]),
        example('a', 'F32', [1, 2]),
        example('y', 'I64', [1]),
        example('x', 'F16', [3]),
      ],
    },
  },
  {
    id: 'metadata',
    why: 'metadata stand before the tensors, by key',
    flags: ['metadata'],
    input: {
      tensors: [example('a', 'U8', [3])],
      metadata: [
        { key: 'format', value: 'pt' },
        { key: 'author', value: 'a "quoted"\nname' },
      ],
    },
  },
  {
    id: 'tied',
    why: 'two names of the same bytes are two tensors: left out, the second is missing for whoever reads',
    flags: ['safetensors-07', 'tied'],
    input: {
      tensors: [
        { ...square, name: 'lm_head.weight' },
        { ...square, name: 'wte.weight' },
      ],
    },
  },
  {
    id: 'transposed',
    why: 'the bytes stand as they are given, row by row: those of a transposed view are others',
    flags: ['safetensors-08', 'row-major'],
    input: { tensors: [example('weight', 'F32', [2, 3])] },
  },
  {
    id: 'code-points',
    why: 'U+FF5E comes before U+1F600; by UTF-16 units it comes after',
    flags: ['order', 'unicode'],
    input: {
      tensors: [
        example('\u{1f600}', 'U8', [2]),
        example('\uff5e', 'U8', [3]),
        example('e\u0301', 'U8', [1]),
        example('\u00e9', 'U8', [1]),
      ],
    },
  },
  {
    id: 'escapes',
    why: 'quotation marks, backslashes and control characters are escaped, a slash and other characters are not',
    flags: ['escapes'],
    input: { tensors: [example('a"b\\c/d\u0001\t\u007f\u00e9', 'I8', [4])] },
  },
  {
    id: 'empty-and-scalar',
    why: 'a tensor without axes has one element, one with a length of 0 has none and keeps its shape',
    flags: ['empty', 'scalar'],
    input: {
      tensors: [
        example('scalar', 'F64', []),
        example('none', 'F64', [3, 0, 2]),
        example('also', 'F32', [0]),
        example('bf', 'BF16', [1]),
      ],
    },
  },
  {
    id: 'all-dtypes',
    why: 'the order of the dtypes: unsigned before signed integers before floats of 64 bits, floats first below',
    flags: ['dtypes', 'order'],
    input: {
      tensors: (
        [
          'F64',
          'I64',
          'U64',
          'U32',
          'F32',
          'I32',
          'U16',
          'BF16',
          'I16',
          'F16',
          'I8',
          'BOOL',
          'U8',
        ] as const
      ).map((dtype) => example(dtype.toLowerCase(), dtype, [1])),
    },
  },
  {
    id: 'prototype',
    why: 'names that mean something in an object of JavaScript are names like others; 10 does not stand before 9',
    flags: ['names'],
    input: {
      tensors: ['__proto__', '9', '10', 'constructor', ''].map((name) => example(name, 'U8', [1])),
    },
  },
];
