import type { Input } from '../../../spec/index.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import { Unsupported } from '../../interface/implementation.ts';
import { attendInParts, type AttendOnce } from './attendInParts.ts';
import { allowedFor } from './masks.ts';
import type { Kind } from './model.ts';
import { elementsBetween } from '../matrices.ts';
import { floats, type Shape } from './rows.ts';
import type { Feed, Operation, Result, Runtime } from './runtime.ts';

/** The first so many rows of every head, and the others: what is in the cache, and what is new. */
function parted(
  source: FloatTensor,
  [batch, heads, length, width]: Shape,
  past: number,
): readonly [Feed, Feed] {
  const feed = (from: number, to: number): Feed => {
    const part = new Float32Array(batch * heads * (to - from) * width);
    for (let i = 0; i < batch * heads; i += 1) {
      const start = i * length * width;
      const rows = elementsBetween(source.data, start + from * width, start + to * width);
      part.set(rows, i * (to - from) * width);
    }
    return { kind: 'float32', shape: [batch, heads, to - from, width], data: part };
  };
  return [feed(0, past), feed(past, length)];
}

export type Attended = Pick<
  Input<'attentionWeights'>,
  'query' | 'key' | 'mask' | 'causal' | 'scale' | 'alignment'
> & { readonly value: FloatTensor };

export interface Shapes {
  readonly query: Shape;
  readonly key: Shape;
  readonly value: Shape;
}

/** How a causal mask comes about: how many keys are in the cache, and whether it is handed over. */
interface Causality {
  readonly past: number;
  readonly isMasked: boolean;
}

/**
 * The operator's own causal mask joins the upper left corners of the queries and of the keys that are new. Keys before the first query are its
 * cache then; where there are fewer keys than queries nothing but a mask will do.
 */
function causalityOf({ causal, alignment }: Attended, { query, key }: Shapes): Causality {
  const before = causal && alignment === 'bottomRight' ? key[2] - query[2] : 0;
  return { past: Math.max(0, before), isMasked: before < 0 };
}

/** The operator `Attention`, with the outputs that are asked for of its first and fourth. */
async function attendAtOnce(
  runtime: Runtime,
  input: Attended,
  shapes: Shapes,
  [output, weights]: readonly [Kind, Kind?],
): Promise<readonly Result[]> {
  const { query, key, value, mask, scale, causal } = input;
  if (scale !== undefined && scale <= 0)
    throw new Unsupported('onnxruntime takes a scale above 0 only');
  if (shapes.key[2] === 0) throw new Unsupported('onnxruntime takes one key at least');
  const { past, isMasked } = causalityOf(input, shapes);
  const present = past > 0 ? ('float32' as const) : undefined;
  const operation: Operation = {
    operator: 'Attention',
    attributes: {
      is_causal: { integer: Number(causal && !isMasked) },
      qk_matmul_output_mode: { integer: 3 },
      ...(scale === undefined ? {} : { scale: { float: scale } }),
    },
    outputs: [output, present, present, weights],
  };
  const [pastKey, newKey] = parted(key, shapes.key, past);
  const [pastValue, newValue] = parted(value, shapes.value, past);
  const full = [...query.shape.slice(0, -1), shapes.key[2]];
  const allowed = await allowedFor(runtime, { mask, causal: isMasked }, full);
  const answer = await runtime.apply(operation, [
    floats(query, shapes.query),
    newKey,
    newValue,
    allowed && { ...allowed, shape: [...shapes.query.slice(0, 3), shapes.key[2]] },
    ...(past > 0 ? [pastKey, pastValue] : []),
  ]);
  const last = weights === undefined ? [] : answer.slice(-1);
  return [...answer.slice(0, 1), ...last];
}

/** The operator holds the scores of all heads at a time: 1 GiB of them, and no more. */
const mostScores = 2 ** 28;

/** The same; of many heads of many tokens, those of one head of keys after another. */
export function attend(
  runtime: Runtime,
  input: Attended,
  shapes: Shapes,
  outputs: readonly [Kind, Kind?],
): Promise<readonly Result[]> {
  const [batch, heads, length] = shapes.query;
  const isLarge = batch * heads * length * shapes.key[2] > mostScores;
  const once: AttendOnce = (part, sizes) => attendAtOnce(runtime, part, sizes, outputs);
  return isLarge ? attendInParts(once, input, shapes) : once(input, shapes);
}
