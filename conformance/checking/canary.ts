import fc from 'fast-check';
import { spec, type Name } from '../../spec/index.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import { isTensor } from '../../spec/schema.ts';
import { elementsOf, isFloatDtype } from '../../spec/tensor.ts';
import { references } from '../../reference/index.ts';
import { castTo } from '../interface/cast.ts';
import { correctlyRounded } from '../implementations/reference/index.ts';
import { judge } from '../judging/judge.ts';
import type { Judgement } from '../judging/verdict.ts';

/** Thrown when the suite itself cannot tell right from wrong: exit status 3. */
export class BlindSuite extends Error {
  override readonly name = 'BlindSuite';
}

/** Makes an answer wrong by far, in one place of each tensor: the first where a bound says something. */
function corrupted(value: unknown, slack: Judgement['slack'], path = ''): unknown {
  if (isTensor(value)) {
    const place = Math.max(
      0,
      Array.from(slack[path] ?? []).findIndex((s) => s < Infinity),
    );
    const data = Array.from(value.data, (x, i) =>
      i !== place ? x : value.dtype === 'bool' ? 1 - x : isFloatDtype(value.dtype) ? NaN : x + 1,
    );
    return { ...value, data: elementsOf(value.dtype, data) };
  }
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return [...value, 0];
  if (typeof value !== 'object' || value === null) return 'corrupted';
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      corrupted(item, slack, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

/**
 * Before anything is judged, shows the judge one right and one wrong answer.
 *
 * @throws BlindSuite when it takes the wrong one or refuses the right one
 */
export function canary<N extends Name>(name: N, numerics: DeclaredNumerics): void {
  const subject = { component: spec[name], reference: references[name] };
  const rounding = roundingOf(numerics);
  const [example] = spec[name].examples;
  const input = castTo(
    example?.input ??
      fc.sample(spec[name].arbitrary('core', {}, new Set()), { numRuns: 1, seed: 1 })[0],
    rounding,
  );
  const parsed = spec[name].input.parse(input);
  const answer = correctlyRounded(name, parsed, rounding.storage);
  if (!('output' in answer))
    throw new BlindSuite(`${name}: the reference rejects the canary's input`);
  const right = judge(subject, parsed, answer.output, numerics);
  if (right.verdict.status !== 'pass')
    throw new BlindSuite(`${name}: the exact answer was refused: ${JSON.stringify(right.verdict)}`);
  const wrong = judge(subject, parsed, corrupted(answer.output, right.slack), numerics);
  if (wrong.verdict.status === 'pass' && wrong.decided)
    throw new BlindSuite(`${name}: a corrupted answer was accepted`);
}
