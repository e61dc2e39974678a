import { tensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';

/** The dtypes as the format's implementation writes them: the widest alignment first. */
const falling =
  'U64 I64 F64 C64 F32 U32 I32 BF16 F16 U16 I16 F8_E5M2FNUZ F8_E4M3FNUZ F8_E8M0 F8_E4M3 F8_E5M2 I8 U8 F6_E3M2 F6_E2M3 F4 BOOL';
const rank = new Map(falling.split(' ').map((dtype, i) => [dtype, i] as const));

/** Each with its name in UTF-8, whose bytes are compared. */
const keyed = <T>(items: readonly T[], name: (item: T) => string) =>
  items.map((item) => ({ item, key: Buffer.from(name(item)) }));

export const safetensorsEncode: Entry<'safetensorsEncode'> = {
  run: ({ tensors, metadata }) => {
    const sorted = keyed(tensors, ({ name }) => name).sort(
      (a, b) =>
        (rank.get(a.item.dtype) ?? 0) - (rank.get(b.item.dtype) ?? 0) ||
        Buffer.compare(a.key, b.key),
    );
    const remarks = keyed(metadata, ({ key }) => key).sort((a, b) => Buffer.compare(a.key, b.key));
    const parts: string[] = [];
    if (remarks.length > 0)
      parts.push(
        `"__metadata__":{${remarks.map(({ item }) => `${JSON.stringify(item.key)}:${JSON.stringify(item.value)}`).join(',')}}`,
      );
    let size = 0;
    for (const { item } of sorted) {
      const begin = size;
      size += item.bytes.data.length;
      const about = { dtype: item.dtype, shape: item.shape, data_offsets: [begin, size] };
      parts.push(`${JSON.stringify(item.name)}:${JSON.stringify(about)}`);
    }
    const text = Buffer.from(`{${parts.join(',')}}`);
    const header = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ');
    header.writeBigUInt64LE(BigInt(header.length - 8));
    text.copy(header, 8);
    const data = sorted.map(({ item }) => Buffer.from(Uint8Array.from(item.bytes.data).buffer));
    const file = Buffer.concat([header, ...data]);
    return { bytes: tensor('uint8', [file.length], file) };
  },
};
