import { spec, type Input, type Name } from '../../spec/index.ts';
import { leavesOf } from '../../spec/leaves.ts';
import type { Parts, Places } from '../../spec/parts.ts';
import { disagreements, isTensor, shapeOf, tensorFieldOf } from '../../spec/schema.ts';
import { instantiate, noDimensions } from '../../spec/shape.ts';
import { elementsOf, sizeOf, type Dtype, type FloatDtype, type Tensor } from '../../spec/tensor.ts';
import { correctlyRounded } from '../implementations/reference/index.ts';
import { groupsOf } from '../judging/parts.ts';
import { nested, schemaAt, stepsOf } from './paths.ts';

function rounded(name: Name, input: object, storage: FloatDtype): object {
  const answer = correctlyRounded(name, input, storage);
  const output = 'output' in answer ? answer.output : undefined;
  if (typeof output === 'object' && output !== null) return output;
  throw new TypeError(`${name}: a valid input has no answer: ${JSON.stringify(answer)}`);
}

/** A tensor that is filled part by part. */
interface Filling {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** The tensors of the whole output, empty; nothing where the shape of one does not follow from the input, or where something is no tensor. */
function emptied(name: Name, input: object, part: object): Map<string, Filling> | undefined {
  const known = noDimensions();
  disagreements(shapeOf(spec[name].input), input, known);
  const made = new Map<string, Filling>();
  for (const [field, { dtype }] of leavesOf(part, isTensor)) {
    const pattern = tensorFieldOf(schemaAt(spec[name].output, stepsOf(field)))?.shape ?? '[*]';
    const shape = pattern.includes('*') ? undefined : instantiate(pattern, known);
    if (shape === undefined) return undefined;
    made.set(field, { dtype, shape, values: new Float64Array(sizeOf(shape)) });
  }
  const isOther = (value: unknown): value is unknown =>
    typeof value !== 'object' && value !== undefined;
  const inTensors = leavesOf(part, isTensor).flatMap(([, held]) => leavesOf(held, isOther)).length;
  return leavesOf(part, isOther).length === inTensors ? made : undefined;
}

/** How many elements places are. */
function fill({ values }: Filling, { data }: Tensor, places: readonly Places[]): number {
  let from = 0;
  for (const { start, step, count } of places)
    for (let i = 0; i < count; i += 1) values[start + i * step] = data[from++] ?? NaN;
  return from;
}

/** The answer in parts; nothing where they do not make up all of it. */
function inParts(
  name: Name,
  input: object,
  parts: Parts<unknown>,
  storage: FloatDtype,
  progress: (done: number) => void,
): object | undefined {
  let filled: Map<string, Filling> | undefined;
  let [done, placed] = [0, 0];
  for (const numbers of groupsOf(parts, undefined)) {
    const { input: own, output } = parts.part(numbers);
    if (typeof own !== 'object' || own === null) return undefined;
    const answer = rounded(name, own, storage);
    filled ??= emptied(name, input, answer);
    if (filled === undefined) return undefined;
    for (const [field, held] of leavesOf(answer, isTensor)) {
      const whole = filled.get(field);
      if (whole !== undefined) placed += fill(whole, held, output[field]?.places ?? []);
    }
    done += numbers.length;
    progress(done / parts.count);
  }
  if (filled === undefined) return undefined;
  const all = [...filled.values()].reduce((sum, { values }) => sum + values.length, 0);
  const tensors = [...filled].map(
    ([field, { dtype, shape, values }]) =>
      [field, { dtype, shape, data: elementsOf(dtype, values) }] as const,
  );
  return placed === all ? nested(new Map<string, unknown>(tensors)) : undefined;
}

/**
 * The exact answer to an input, each number rounded once to the storage format; in parts where it is large, as it is judged.
 *
 * @throws Uncertified
 */
export function exactAnswer<N extends Name>(
  name: N,
  input: Input<N> & object,
  storage: FloatDtype,
  progress: (done: number) => void = () => {},
): object {
  const parts = spec[name].parts?.(input);
  const whole =
    parts === undefined || parts.count < 2
      ? undefined
      : inParts(name, input, parts, storage, progress);
  return whole ?? rounded(name, input, storage);
}
