import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { architectureOf } from '../../spec/artifacts/checkpoint/config.ts';
import { expectedTensors } from '../../spec/artifacts/checkpoint/expected.ts';
import { namings } from '../../spec/artifacts/checkpoint/names.ts';
import { elementBits, type ElementType } from '../../spec/artifacts/elementTypes.ts';
import { sizeOf } from '../../spec/tensor.ts';
import { scratch } from './call.ts';

export const folder = scratch();
let made = 0;

export type Tensors = Readonly<Record<string, readonly number[]>>;

/** A file with those tensors, of which only the header is written: what stands behind it is a hole as large as they are. */
export function checkpoint(tensors: Tensors, dtype: ElementType = 'F32'): string {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, shape]) => {
      const begin = end;
      end += (sizeOf(shape) * elementBits[dtype]) / 8;
      return [name, { dtype, shape, data_offsets: [begin, end] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  made += 1;
  const path = join(folder, `${made}.safetensors`);
  const file = openSync(path, 'w');
  writeSync(file, Buffer.concat([length, text]));
  ftruncateSync(file, 8 + text.length + end);
  closeSync(file);
  return path;
}

/** A file with a config. */
export function config(value: unknown): string {
  made += 1;
  const path = join(folder, `${made}.json`);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

export const small = {
  family: 'gpt',
  vocabulary: 11,
  context: 5,
  width: 4,
  layers: 2,
  heads: 2,
  feedForwardWidth: 6,
};
export const gpt2Small = {
  model_type: 'gpt2',
  vocab_size: 50257,
  n_positions: 1024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
};
export const bertBase = {
  model_type: 'bert',
  vocab_size: 30522,
  max_position_embeddings: 512,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
};

/** The tensors of a config, by the names of one of the namings of its family. */
export function tensorsOf(value: object, { title = '', prefix = '' } = {}): Tensors {
  const architecture = architectureOf(value, true);
  const naming = namings.find(
    (one) => one.family === architecture.family && (title === '' || one.title === title),
  );
  if (naming === undefined) throw new Error(`no naming ${title}`);
  return Object.fromEntries(
    expectedTensors(architecture, { naming, prefix }).map(({ name, shape }) => [name, shape]),
  );
}
