import type { Example } from '../component.ts';
import { anyFile, type Habits } from './anyWriter.ts';
import { contentOf, type Parts } from './content.ts';
import { example } from './encodeExamples.ts';
import { writeSafetensors } from './file.ts';
import { asInput, type Bytes } from './hostile.ts';

const plainly: Habits = {
  order: [],
  space: '',
  padding: 0,
  escapes: false,
  turned: false,
  before: 0,
};

/** A file as some writer makes it. */
const someFile = (
  tensors: Parts['tensors'],
  how: Partial<Habits> = {},
  metadata: Parts['metadata'] = [],
): Bytes => asInput(anyFile(contentOf({ tensors, metadata }), { ...plainly, ...how }));

export const decodeExamples: readonly Example<Bytes>[] = [
  {
    id: 'ordinary',
    why: 'the canonical file of five tensors, read by name',
    flags: ['ordinary'],
    input: asInput(
      writeSafetensors(
        contentOf({
          tensors: [
            example('h.0.weight', 'F32', [2, 3]),
            example('h.0.bias', 'F32', [3]),
            example('mask', 'BOOL', [4]),
            example('ids', 'I64', [2]),
            example('half', 'F16', [1, 1, 3]),
          ],
          metadata: [{ key: 'format', value: 'pt' }],
        }),
      ),
    ),
  },
  {
    id: 'other-order',
    why: 'the data stand in another order than the names: whoever lays shapes one after another reads the neighbour',
    flags: ['safetensors-01', 'order'],
    input: someFile(
      [
        example('a', 'F32', [2]),
        example('b', 'F32', [2]),
        example('c', 'U8', [3]),
        example('d', 'I32', [1]),
      ],
      { order: [3, 1, 0, 2] },
    ),
  },
  {
    id: 'last-and-empty',
    why: 'offsets that end where the file does, and empty ones there: counted from the end they are 0, and slice(−8, 0) is nothing',
    flags: ['safetensors-02', 'empty'],
    input: someFile([
      example('first', 'U8', [5]),
      example('last', 'F64', [1]),
      example('none', 'F64', [0, 2]),
    ]),
  },
  {
    id: 'header-alone',
    why: 'a header that ends where the file does, to the byte: its length is that of the file less 8',
    flags: ['safetensors-03', 'empty'],
    input: someFile([example('none', 'F32', [0, 4])], { padding: 1 }, [{ key: 'k', value: 'v' }]),
  },
  {
    id: 'tied',
    why: 'two names of the same bytes are two tensors',
    flags: ['safetensors-07', 'tied'],
    input: someFile([
      { ...example('w', 'F32', [2, 2]), name: 'lm_head.weight' },
      { ...example('w', 'F32', [2, 2]), name: 'wte.weight' },
    ]),
  },
  {
    id: 'row-major',
    why: 'the last axis runs first; read by columns the matrix is transposed',
    flags: ['safetensors-08', 'row-major'],
    input: someFile([example('square', 'I16', [2, 2]), example('matrix', 'U32', [2, 3])]),
  },
  {
    id: 'another-writer',
    why: 'spaces, line breaks, escapes in names, fields in another order, metadata in between',
    flags: ['json', 'escapes'],
    input: someFile(
      [example('a"b\\c', 'U8', [2]), example('\u{1f600}', 'U16', [2]), example('z', 'F32', [])],
      { space: '\n  ', padding: 3, escapes: true, turned: true, before: 1, order: [2, 0, 1] },
      [
        { key: 'z', value: '' },
        { key: 'a', value: '\u05d0{"x":1}' },
      ],
    ),
  },
  {
    id: 'names',
    why: 'prototypes, digits, and é in two forms are names like others; the order is that of code points',
    flags: ['names', 'unicode'],
    input: someFile(
      ['__proto__', '9', '10', 'e\u0301', '\u00e9', '\u{1f600}', '\uff5e', ''].map((name) =>
        example(name, 'U8', [1]),
      ),
    ),
  },
  {
    id: 'odd-header',
    why: 'a header whose length is no multiple of 8: the tensors are not aligned, and valid',
    flags: ['alignment'],
    input: someFile([example('x', 'F64', [2]), example('y', 'F64', [1])], { padding: 2 }),
  },
];
