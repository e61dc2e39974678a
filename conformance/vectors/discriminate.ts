import { spec, type Input, type Name } from '../../spec/index.ts';
import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { elementsOf, isFloatDtype, type FloatDtype, type Tensor } from '../../spec/tensor.ts';
import { references } from '../../reference/index.ts';
import { correctlyRounded } from '../implementations/reference/index.ts';
import { judge } from '../judging/judge.ts';

/** The same form with every number replaced, and every text: by none for 0. */
function filledWith(value: unknown, filler: number): unknown {
  if (isTensor(value)) return { ...value, data: elementsOf(value.dtype, Array.from(value.data, () => filler)) };
  if (typeof value === 'number') return filler;
  if (typeof value === 'boolean') return filler === 1;
  if (typeof value === 'string') return filler === 0 ? '' : String(filler);
  if (Array.isArray(value)) return value.map((item) => filledWith(item, filler));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledWith(item, filler)]));
}

const sameShape = (a: Tensor, b: Tensor): boolean => a.shape.join() === b.shape.join();

/** The answer with its float tensors replaced by an input of their shape; nothing where no output has it. */
function copied(answer: object, source: Tensor): object | undefined {
  const fits = (value: unknown): value is Tensor => isTensor(value) && isFloatDtype(value.dtype) && sameShape(value, source);
  if (leavesOf(answer, fits).length === 0) return undefined;
  return Object.fromEntries(
    Object.entries(answer).map(([field, value]) => [
      field,
      mapLeaves(value, fits, (leaf) => ({ ...leaf, data: elementsOf(leaf.dtype, source.data) })),
    ]),
  );
}

/** Whether there is anything in an answer that could be wrong. */
const hasElements = (value: unknown): boolean => {
  if (isTensor(value)) return value.data.length > 0;
  if (typeof value === 'string') return value !== '';
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).some(hasElements);
};

interface Guess {
  readonly title: string;
  readonly answer: unknown;
}

function guesses(input: object, answer: object, previous: unknown): readonly Guess[] {
  const copies = leavesOf(input, isTensor).flatMap(([path, value]) => {
    const copy = isFloatDtype(value.dtype) && value.data.length > 0 ? copied(answer, value) : undefined;
    return copy === undefined ? [] : [{ title: `a copy of ${path}`, answer: copy }];
  });
  const before = previous === undefined ? [] : [{ title: "the previous case's answer", answer: previous }];
  return [{ title: 'zeros', answer: filledWith(answer, 0) }, { title: 'ones', answer: filledWith(answer, 1) }, ...copies, ...before];
}

/** Whether an element is so much farther from the exact one than that may be off that no judge is needed. */
function isFar(answer: unknown, exact: object, slack: Readonly<Record<string, ArrayLike<number>>>): boolean {
  const given = new Map(leavesOf(answer, isTensor));
  return leavesOf(exact, isTensor).some(([path, { data }]) => {
    const other = given.get(path)?.data;
    const allowed = slack[path];
    if (other === undefined || allowed === undefined || other.length !== data.length) return false;
    return Array.from(data).some((x, i) => Math.abs(x - (other[i] ?? NaN)) > 8 * (allowed[i] ?? Infinity) + Math.abs(x) / 4);
  });
}

/**
 * The thoughtless answer that a vector would let pass, or nothing; and the right answer, for the next vector to be tried with. An answer without
 * elements can only have the wrong shape: it is not tried.
 */
export function wouldPass<N extends Name>(
  name: N,
  input: Input<N>,
  previous: unknown,
  storage: FloatDtype = 'float32',
): { readonly title: string | undefined; readonly answer: unknown } {
  const exact = correctlyRounded(name, input, storage);
  if (!('output' in exact) || typeof exact.output !== 'object' || exact.output === null) throw new TypeError(`${name}: the reference rejects its own example`);
  const { output } = exact;
  if (!hasElements(output)) return { title: undefined, answer: output };
  const subject = { component: spec[name], reference: references[name] };
  const { slack } = judge(subject, input, output, { storage });
  const passing = guesses(input, output, previous).find(
    ({ answer }) => !isFar(answer, output, slack) && judge(subject, input, answer, { storage }).verdict.status === 'pass',
  );
  return { title: passing?.title, answer: output };
}
