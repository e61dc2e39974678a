import {
  BrokenRuntime,
  startRuntime,
} from '../../conformance/implementations/onnxruntime/runtime.ts';
import { startBackend } from '../../conformance/implementations/tfjs/backend.ts';
import { attended } from '../../conformance/implementations/tfjs/attention/heads.ts';
import { deviceOf } from '../../conformance/implementations/tfjs/device.ts';
import { numericsOf } from '../../conformance/implementations/tfjs/numerics.ts';
import { seededNumbers } from '../../spec/generate.ts';
import { tensor, type Elements } from '../../spec/tensor.ts';
import { leastCpuOf, type Measure } from './measure.ts';

const shape = [1, 8, 1024, 64];
const count = 8 * 1024 * 64;

const of = (seed: number) => tensor('float32', shape, seededNumbers(seed, count).map(Math.fround));

/** The operator in one thread, as tfjs-wasm has one in Node. Nothing where the package is not installed. */
async function onnxruntime(
  feeds: readonly ReturnType<typeof of>[],
): Promise<{ readonly time: number; readonly output: Elements } | undefined> {
  try {
    const runtime = await startRuntime();
    const apply = () =>
      runtime.apply(
        { operator: 'Attention' },
        feeds.map(({ data }) => ({ kind: 'float32', shape, data })),
      );
    const [answer] = await apply();
    const time = await leastCpuOf(10, apply);
    await runtime.close();
    return { time, output: Array.from(answer?.data ?? []) };
  } catch (error) {
    if (!(error instanceof BrokenRuntime)) throw error;
    console.log(`the attention of tfjs is compared with nothing: ${error.message}`);
    return undefined;
  }
}

/** CPU time of the bundled attention of 8 heads of 1,024 tokens of width 64, beside onnxruntime's operator where that is installed. */
export async function attentionRatio(): Promise<readonly Measure[]> {
  await startBackend('wasm');
  const { compute } = deviceOf('wasm', numericsOf.wasm);
  const [query, key, value] = [of(1), of(2), of(3)];
  const how = { causal: false, scale: 1 / 8, emptyRow: 'zero', shared: 1 } as const;
  const attend = () => attended(compute, { query, key, value, ...how });
  const { data } = await attend();
  const time = await leastCpuOf(10, attend);
  const what = 'attention 8×1,024×64, tfjs-wasm';
  const own = { what, value: time, unit: 's', limit: '≤ 1 s', holds: time <= 1 };
  const other = await onnxruntime([query, key, value]);
  if (other === undefined) return [own];
  const differs = data.some((x, i) => !(Math.abs(x - (other.output[i] ?? NaN)) < 1e-5));
  if (differs) throw new Error('tfjs and onnxruntime give other attentions of the same input');
  const ratio = time / other.time;
  const against = { what: 'the same / onnxruntime, one thread', value: ratio, unit: '×' };
  return [own, { ...against, limit: '≤ 8 ×', holds: ratio <= 8 }];
}
