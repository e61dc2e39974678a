import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Level } from '../../spec/component.ts';
import { spec, type Name } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { references } from '../../reference/index.ts';
import { correctlyRounded } from '../implementations/reference/index.ts';
import { castTo } from '../interface/cast.ts';
import { corruptedBy, type Corruption } from '../judging/corruption.ts';
import { judge } from '../judging/judge.ts';
import type { Vacuous } from '../report/report.ts';
import { blamed } from './blame.ts';
import type { Claim } from './claim.ts';
import { withOptions } from './stages.ts';
import { vacuousLevel, type Tally } from './tally.ts';

/** So many inputs show whether corrupted answers pass, and what of a declaration is to blame. */
const inputs = 6;

/** Exact answers that are corrupted, with their inputs. */
function corruptedCases<N extends Name>(
  name: N,
  claim: Claim,
  level: Level,
  corruption: Corruption,
) {
  const { rounding, combinations } = claim;
  const drawn = fc
    .constantFrom(...combinations)
    .chain((options) =>
      spec[name]
        .arbitrary(level === 'size' ? 'core' : level, options, new Set())
        .map((input) => castTo(withOptions(input, options), rounding)),
    );
  return fc.sample(drawn, { numRuns: inputs, seed: 1 }).flatMap((raw) => {
    const parsed = spec[name].input.safeParse(raw);
    if (!parsed.success) return [];
    const answer = correctlyRounded(name, parsed.data, rounding.storage);
    const right = 'output' in answer ? answer.output : undefined;
    if (typeof right !== 'object' || right === null) return [];
    const output = corruptedBy(right, corruption);
    return isDeepStrictEqual(output, right) ? [] : [{ input: parsed.data, output }];
  });
}

/**
 * Why a pass would say nothing: the first level of which nearly all answers would pass corrupted, with what of the declaration is to blame. The judge itself is
 * shown exact answers, corrupted, with each key of the declaration left out in turn.
 */
export function vacuousOf<N extends Name>(
  name: N,
  claim: Claim,
  { levels }: Tally,
): Vacuous | undefined {
  const found = vacuousLevel(levels);
  if (found === undefined) return undefined;
  const { level, corruption } = found;
  const subject = { component: spec[name], reference: references[name] };
  const cases = corruptedCases(name, claim, level, corruption);
  const passes = (declared: DeclaredNumerics): boolean => {
    const taken = cases.filter(
      ({ input, output }) => judge(subject, input, output, declared).verdict.status === 'pass',
    );
    return taken.length > cases.length / 2;
  };
  if (cases.length === 0 || !passes(claim.numerics)) return undefined;
  return { level, corruption, declaration: blamed(claim.numerics, passes) };
}
