import { z } from 'zod';
import { count } from '../accounting/whole.ts';
import { integers, isTensor } from '../schema.ts';
import { tensor, type IntegerTensor } from '../tensor.ts';
import { isWellFormed } from '../codePoints.ts';
import { placeOfRepeat } from '../repeated.ts';
import { bytesOfElements, elementTypes } from './elementTypes.ts';
import { readSafetensors, type Content } from './file.ts';
import { metadataName } from './header.ts';
import { MalformedSafetensors } from './malformed.ts';

const text = (description: string) => z.string().meta({ description });

const heldSchema = z.strictObject({
  name: text('any text, that of no other tensor'),
  dtype: z.enum(elementTypes).meta({ description: 'what an element is, as the format names it' }),
  shape: z.array(count('a length')).readonly().meta({ description: 'none: a single element' }),
  bytes: integers('[b]', 'its elements, little-endian, the last axis first', 'uint8'),
});

export const tensorsSchema = z.array(heldSchema).readonly();
export const metadataSchema = z
  .array(z.strictObject({ key: text('that of no other remark'), value: text('what it says') }))
  .readonly();
export const fileBytes = (description: string) => integers('[N]', description, 'uint8');

export type HeldTensor = z.output<typeof heldSchema>;

/** Tensors and metadata as a component takes or gives them. */
export interface Parts {
  readonly tensors: z.output<typeof tensorsSchema>;
  readonly metadata: z.output<typeof metadataSchema>;
}

export const uint8 = (bytes: Uint8Array): IntegerTensor => tensor('uint8', [bytes.length], bytes);

export const partsOf = ({ tensors, metadata }: Content): Parts => ({
  tensors: tensors.map((one) => ({ ...one, bytes: uint8(one.bytes) })),
  metadata,
});

export const contentOf = ({ tensors, metadata }: Parts): Content => ({
  tensors: tensors.map((one) => ({ ...one, bytes: Uint8Array.from(one.bytes.data) })),
  metadata,
});

/** Parts as a text: equal ones give equal texts. */
export const written = ({ tensors, metadata }: Parts): string =>
  JSON.stringify([
    tensors.map(({ name, dtype, shape, bytes }) => [name, dtype, shape, Array.from(bytes.data)]),
    metadata.map(({ key, value }) => [key, value]),
  ]);

interface Issues {
  readonly addIssue: (issue: {
    readonly code: 'custom';
    readonly path: (string | number)[];
    readonly message: string;
  }) => void;
}

/** Bytes that are no file, with the reason. */
export function refuseMalformed({ bytes }: { readonly bytes: IntegerTensor }, to: Issues): void {
  if (!isTensor(bytes)) return;
  try {
    readSafetensors(Uint8Array.from(bytes.data));
  } catch (error) {
    if (!(error instanceof MalformedSafetensors)) throw error;
    to.addIssue({
      code: 'custom',
      path: ['bytes'],
      message: `byte ${error.at}: ${error.message}`,
    });
  }
}

const repeated = (names: readonly string[]): string | undefined =>
  names[placeOfRepeat(names) ?? -1];

/** Parts that no file can hold. */
export function refuseUnwritable({ tensors, metadata }: Parts, to: Issues): void {
  const refuse = (message: string, ...path: (string | number)[]) =>
    to.addIssue({ code: 'custom', path, message });
  if (!Array.isArray(tensors) || !Array.isArray(metadata)) return;
  for (const [i, { name, dtype, shape, bytes }] of tensors.entries()) {
    const wanted = bytesOfElements(dtype, shape);
    const length = isTensor(bytes) ? bytes.data.length : wanted;
    if (name === metadataName) refuse('expected another name: that of the metadata', 'tensors', i);
    if (!isWellFormed(name)) refuse('expected a name that UTF-8 can hold', 'tensors', i, 'name');
    if (wanted === undefined || length !== wanted)
      refuse(
        `expected ${wanted ?? 'a whole number of'} bytes for ${dtype} [${shape.join(', ')}], got ${length}`,
        'tensors',
        i,
        'bytes',
      );
  }
  const twice = repeated(tensors.map(({ name }) => name));
  if (twice !== undefined)
    refuse(`expected every name once, got ${JSON.stringify(twice)} twice`, 'tensors');
  const again = repeated(metadata.map(({ key }) => key));
  if (again !== undefined)
    refuse(`expected every key once, got ${JSON.stringify(again)} twice`, 'metadata');
  if (!metadata.every(({ key, value }) => isWellFormed(key) && isWellFormed(value)))
    refuse('expected texts that UTF-8 can hold', 'metadata');
}
