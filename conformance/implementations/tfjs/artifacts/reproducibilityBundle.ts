import { ownNaming, type Disagreement } from '../../../../spec/artifacts/bundleParts.ts';
import { expectedTensors } from '../../../../spec/artifacts/checkpoint/expected.ts';
import type { Input } from '../../../../spec/index.ts';
import { sizeOf } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { safetensorsDecode } from './safetensorsDecode.ts';

type Bundle = Input<'reproducibilityBundle'>;
type Add = (at: string, problem: Disagreement['problem']) => void;

/** Tokenizer and vocabulary: one pass, with a set. */
function tokens({ tokenizer, vocabulary }: Bundle, add: Add): void {
  if (vocabulary === undefined) return;
  const known = new Set<string>();
  for (const [id, token] of vocabulary.entries()) {
    if (known.has(token)) add(`vocabulary.${id}`, 'twice');
    known.add(token);
  }
  if (tokenizer?.kind === 'wordPiece' && !known.has(tokenizer.unknown))
    add('tokenizer.unknown', 'unknown');
  if (tokenizer?.kind !== 'bytePair') return;
  for (const [rank, [left, right]] of tokenizer.merges.entries())
    if (!known.has(left) || !known.has(right) || !known.has(left + right))
      add(`tokenizer.merges.${rank}`, 'unknown');
}

/** The tensors of a file by name. */
async function shapesIn({ weights }: Bundle): Promise<Map<string, readonly number[]>> {
  const tensors =
    weights === undefined ? [] : (await safetensorsDecode.run({ bytes: weights })).tensors;
  return new Map(tensors.map(({ name, shape }) => [name, shape]));
}

/** Architecture and weights: what is found is taken out, what is left then is left over. */
function tensors(
  { architecture, weights }: Bundle,
  shapes: ReadonlyMap<string, readonly number[]>,
  add: Add,
): void {
  if (architecture === undefined || weights === undefined) return;
  const left = new Map(shapes);
  let missing = 0;
  const named = { naming: ownNaming(architecture.family), prefix: '' };
  for (const { name, shape } of expectedTensors(architecture, named)) {
    const there = left.get(name);
    missing += sizeOf(shape) - (there === undefined ? 0 : sizeOf(there));
    left.delete(name);
    if (there === undefined) add(`weights.${name}`, 'missing');
    else if (there.length !== shape.length || there.some((length, i) => length !== shape[i]))
      add(`weights.${name}`, 'shape');
  }
  for (const [name, shape] of left) {
    missing -= sizeOf(shape);
    add(`weights.${name}`, 'leftOver');
  }
  if (missing !== 0) add('weights', 'parameters');
}

const compare = (a: Disagreement, b: Disagreement): number =>
  Buffer.compare(Buffer.from(a.at), Buffer.from(b.at)) || (a.problem < b.problem ? -1 : 1);

export const reproducibilityBundle: Entry<'reproducibilityBundle'> = {
  run: async (bundle) => {
    const found: Disagreement[] = [];
    const add: Add = (at, problem) => found.push({ at, problem });
    const { tokenizer, vocabulary, architecture, weights } = bundle;
    for (const [at, part] of Object.entries({ tokenizer, vocabulary, architecture, weights }))
      if (part === undefined) add(at, 'missing');
    tokens(bundle, add);
    if (vocabulary !== undefined && architecture !== undefined)
      if (vocabulary.length !== architecture.vocabulary) add('vocabulary', 'size');
    const shapes = await shapesIn(bundle);
    tensors(bundle, shapes, add);
    return {
      accepted: found.length === 0,
      disagreements: found.toSorted(compare),
      parameters: [...shapes.values()].reduce((sum, shape) => sum + sizeOf(shape), 0),
    };
  },
};
