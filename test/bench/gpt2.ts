import {
  BrokenRuntime,
  startRuntime,
} from '../../conformance/implementations/onnxruntime/runtime.ts';
import { namedWeights, openGpt } from '../../conformance/implementations/onnxruntime/gpt.ts';
import { startBackend } from '../../conformance/implementations/tfjs/backend.ts';
import { deviceOf } from '../../conformance/implementations/tfjs/device.ts';
import { gptGraph } from '../../conformance/implementations/tfjs/models/gpt.ts';
import { freed, placedGpt } from '../../conformance/implementations/tfjs/models/placing.ts';
import { numericsOf } from '../../conformance/implementations/tfjs/numerics.ts';
import { gpt2Small } from '../../spec/models/published.ts';
import { randomGpt } from '../../spec/models/randomModels.ts';
import { drawsOf } from '../../spec/models/randomWeights.ts';
import type { GptWeights } from '../../spec/models/weights.ts';
import { tensor, type Elements, type IntegerTensor } from '../../spec/tensor.ts';
import { shortestOf, type Measure } from './measure.ts';

const sizes = { layers: gpt2Small.layers, heads: gpt2Small.heads, epsilon: 1e-5 };

/** A forward pass: how long it takes at least, and what it gives. */
interface Pass {
  readonly time: number;
  readonly logits: Elements;
}

/** The first run is not counted: weights are packed then. */
async function timed(forward: () => Promise<{ readonly data: Elements }>): Promise<Pass> {
  const { data: logits } = await forward();
  return { time: await shortestOf(3, forward), logits };
}

async function inTfjs(weights: GptWeights, ids: IntegerTensor): Promise<Pass> {
  await startBackend('wasm');
  const { compute } = deviceOf('wasm', numericsOf.wasm);
  const places = placedGpt(weights);
  const shape = [...ids.shape, gpt2Small.vocabulary];
  const pass = await timed(() => compute('float32', shape, () => gptGraph(ids, places, sizes)));
  freed(places);
  return pass;
}

/** In one thread, as tfjs-wasm runs in Node. Nothing where the package is not installed. */
async function inOnnxruntime(weights: GptWeights, ids: IntegerTensor): Promise<Pass | undefined> {
  try {
    const model = await openGpt(await startRuntime(), namedWeights(weights), {
      ...sizes,
      threads: 1,
    });
    const pass = await timed(() => model.logits(ids));
    await model.close();
    return pass;
  } catch (error) {
    if (!(error instanceof BrokenRuntime)) throw error;
    console.log(`GPT-2 small is compared with nothing: ${error.message}`);
    return undefined;
  }
}

/** Both are of float32: what they make of one model differs by little. */
function assertEqual({ logits: a }: Pass, { logits: b }: Pass): void {
  const differs = a.length !== b.length || a.some((x, i) => !(Math.abs(x - (b[i] ?? NaN)) < 1e-3));
  if (differs) throw new Error('tfjs and onnxruntime give other logits of the same weights');
}

/** GPT-2 small with random weights: a forward pass of 64 tokens, beside onnxruntime where that is installed. */
export async function gpt2Measures(): Promise<readonly Measure[]> {
  const weights = randomGpt(drawsOf(1, 'float32'), gpt2Small, 0.02);
  const tokens = Array.from({ length: 64 }, (_, i) => (i * 7919) % gpt2Small.vocabulary);
  const ids = tensor('int32', [1, tokens.length], tokens);
  const own = await inTfjs(weights, ids);
  const measure = {
    what: 'GPT-2 small, 64 tokens, tfjs-wasm',
    value: own.time,
    unit: 's',
    limit: '≤ 3 s',
    holds: own.time <= 3,
  };
  const other = await inOnnxruntime(weights, ids);
  if (other === undefined) return [measure];
  assertEqual(own, other);
  const ratio = own.time / other.time;
  return [
    measure,
    {
      what: 'the same / onnxruntime, one thread',
      value: ratio,
      unit: '×',
      limit: '≤ 20 ×',
      holds: ratio <= 20,
    },
  ];
}
