import { z } from 'zod';
import type { Output } from '../../../../spec/index.ts';
import { elementTypes } from '../../../../spec/artifacts/elementTypes.ts';
import { tensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';

const described = z.object({
  dtype: z.enum(elementTypes),
  shape: z.array(z.int()),
  data_offsets: z.tuple([z.int(), z.int()]),
});

/** The order of UTF-8 bytes. */
const byName = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The members of an object, `__proto__` among them. */
const membersOf = (value: unknown): readonly [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** The engine's own JSON, views instead of copies until a tensor is made: the input is known to be valid. */
export const safetensorsDecode: Entry<'safetensorsDecode'> = {
  run: ({ bytes }): Output<'safetensorsDecode'> => {
    const file = Buffer.from(Uint8Array.from(bytes.data).buffer);
    const start = 8 + Number(file.readBigUInt64LE(0));
    const header: unknown = JSON.parse(file.toString('utf8', 8, start));
    const members = membersOf(header);
    const tensors = members
      .filter(([name]) => name !== '__metadata__')
      .map(([name, value]) => {
        const { dtype, shape, data_offsets: offsets } = described.parse(value);
        const held = file.subarray(start + offsets[0], start + offsets[1]);
        return { name, dtype, shape, bytes: tensor('uint8', [held.length], held) };
      });
    const metadata = members
      .filter(([name]) => name === '__metadata__')
      .flatMap(([, value]) => membersOf(value))
      .map(([key, value]) => ({ key, value: String(value) }));
    return {
      tensors: tensors.sort((a, b) => byName(a.name, b.name)),
      metadata: metadata.sort((a, b) => byName(a.key, b.key)),
    };
  },
};
