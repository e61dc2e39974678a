import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentOf, uint8 } from '../../spec/artifacts/content.ts';
import { heldOf, tensorOf } from '../../spec/artifacts/numbers.ts';
import { sequences } from '../../spec/embedding/tokens.ts';
import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import { gptSchema } from '../../spec/models/weights.ts';
import { isTensor } from '../../spec/schema.ts';
import type { FloatTensor } from '../../spec/tensor.ts';
import { claim, type Assay } from './assay.ts';
import { counted } from './counted.ts';
import type { Done } from './stage.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { Model } from './training.ts';

/** A model that was read from a file, and the bytes of that file. */
export interface Checkpoint extends Model {
  readonly file: Uint8Array;
}

/** Bytes as a file gives them back: written, read, and removed again. */
function throughFile(bytes: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-demo-'));
  try {
    const path = join(folder, 'model.safetensors');
    writeFileSync(path, bytes);
    return Uint8Array.from(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Saves the weights as safetensors, and reads them again. */
export async function saveModel(
  assay: Assay,
  { config, weights }: Model,
): Promise<Done<Checkpoint>> {
  const leaves = leavesOf(weights, isTensor);
  const tensors = leaves.map(([path, leaf]) => {
    const held = heldOf(path, leaf);
    return { ...held, bytes: uint8(held.bytes) };
  });
  const { bytes } = await assay.judged('safetensorsEncode', { tensors });
  const file = throughFile(Uint8Array.from(bytes.data));
  const content = contentOf(await assay.judged('safetensorsDecode', { bytes: uint8(file) }));
  const found = new Map(content.tensors.map((held) => [held.name, tensorOf(held)]));
  const read = gptSchema.parse(mapLeaves(weights, isTensor, (_leaf, path) => found.get(path)));
  return {
    did: `${counted(leaves.length, 'tensor')} in ${counted(file.length, 'byte')}, read back`,
    result: { config, weights: read, file },
  };
}

const sameBits = (a: FloatTensor, b: FloatTensor): boolean =>
  a.data.length === b.data.length && Array.from(a.data).every((x, i) => Object.is(x, b.data[i]));

/** So many tokens has the prompt whose logits are judged. */
const judgedLength = 8;

/** Compares the logits of a model with those of the one that was read from its file. */
export async function compareLogits(
  assay: Assay,
  trained: Model,
  read: Model,
  ids: readonly number[],
): Promise<Done<undefined>> {
  const asked = { ids: sequences([ids.slice(0, trained.config.context)]) };
  const before = await assay.taken('gpt', { ...asked, ...modelOf(trained) });
  const after = await assay.taken('gpt', { ...asked, ...modelOf(read) });
  claim(sameBits(before.logits, after.logits), 'the logits are others than before the file');
  await assay.judged('gpt', { ids: sequences([ids.slice(0, judgedLength)]), ...modelOf(read) });
  return {
    did: `${counted(before.logits.data.length, 'logit')} as before, bit for bit`,
    result: undefined,
  };
}

const modelOf = ({ weights, config }: Model): Model => ({ weights, config });

/** Asks whether tokenizer, vocabulary, architecture and weights belong together. */
export async function bundleUp(
  assay: Assay,
  { merges, vocabulary }: Tokenizer,
  { config, file }: Checkpoint,
): Promise<Done<undefined>> {
  const { accepted, disagreements, parameters } = await assay.judged('reproducibilityBundle', {
    tokenizer: { kind: 'bytePair', merges },
    vocabulary,
    architecture: { family: 'gpt', ...config },
    weights: uint8(file),
  });
  const [first] = disagreements;
  claim(accepted, `they disagree: ${first?.at ?? ''} ${first?.problem ?? ''}`);
  return {
    did: `all four parts agree on ${counted(parameters, 'parameter')}`,
    result: undefined,
  };
}
