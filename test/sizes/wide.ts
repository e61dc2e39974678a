import { correctlyRounded } from '../../conformance/implementations/reference/index.ts';
import { inProcess } from '../../conformance/interface/implementation.ts';
import { judge } from '../../conformance/judging/judge.ts';
import type { Verdict } from '../../conformance/judging/verdict.ts';
import { inputOf } from '../../conformance/sizes/recipe.ts';
import { references } from '../../reference/index.ts';
import { names, spec, type Name } from '../../spec/index.ts';
import { roundingOf } from '../../spec/numerics.ts';
import { honest } from '../honest/index.ts';
import { declared, unitOf, type Machine } from '../honest/machine.ts';

/** A component and one axis of it, the only one that is long. */
export interface WideCase {
  readonly name: Name;
  readonly axis: string;
}

/** Axes that the level of sizes draws longer than this are as long as somebody's data: rows, vocabularies, caches, stores, texts. */
const dataSized = 30_000;

/** The axes of B rows are left out: as many short rows are no long one. */
export const wideCases: readonly WideCase[] = names.flatMap((name) =>
  Object.entries(spec[name].sized?.axes ?? {})
    .filter(([axis, { large }]) => axis !== 'B' && large.some((length) => length > dataSized))
    .map(([axis]) => ({ name, axis })),
);

const float32: Machine = {
  storage: 'float32',
  accumulate: 'float32',
  order: 'sequential',
  online: 0,
};

/** An input with one axis of this length and all others as short as they get; nothing where that is no valid input. */
export function wideInput({ name, axis }: WideCase, length: number): object | undefined {
  const lengths = Object.entries(spec[name].sized?.axes ?? {}).map(
    ([other, { small, large }]) =>
      [other, other === axis ? length : (small[0] ?? large[0] ?? 1)] as const,
  );
  const recipe = {
    lengths: Object.fromEntries(lengths),
    seed: 3,
    textured: true,
    scale: 1,
    options: {},
    given: {},
    blank: [],
  };
  const parsed = spec[name].input.safeParse(inputOf(name, recipe, roundingOf(declared(float32))));
  return parsed.success ? parsed.data : undefined;
}

/** What is said of the exact answer, rounded once. */
export function ofRounded<N extends Name>(name: N, given: object): Verdict | string {
  const answer = correctlyRounded(name, given, 'float32');
  if (!('output' in answer)) return JSON.stringify(answer);
  const subject = { component: spec[name], reference: references[name] };
  return judge(subject, spec[name].input.parse(given), answer.output, declared(float32)).verdict;
}

/** What is said of a sound kernel in float32 that adds one after another; nothing where there is none. */
export async function ofHonest<N extends Name>(
  name: N,
  given: object,
): Promise<Verdict | string | undefined> {
  const sound = honest[name];
  if (sound === undefined) return undefined;
  const implementation = inProcess({
    name: 'honest',
    version: '1',
    entries: { [name]: { run: sound.kernel(unitOf(float32)) } },
  });
  const answer = await implementation.run(name, given, 60);
  if (!('output' in answer)) return JSON.stringify(answer);
  const subject = { component: spec[name], reference: references[name] };
  const numerics = { ...declared(float32), ...sound.numerics };
  return judge(subject, spec[name].input.parse(given), answer.output, numerics).verdict;
}
