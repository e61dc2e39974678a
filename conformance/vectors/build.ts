import fc from 'fast-check';
import { spec, type Name } from '../../spec/index.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import { isRendered } from '../../reference/render.ts';
import { goldenDigits, type Digits } from '../judging/exact.ts';
import { toWire } from '../interface/wire.ts';
import { disagreement } from './crossCheck.ts';
import { wouldPass } from './discriminate.ts';

/** Significant digits of a golden answer. */
const digits = 40;
/** Invalid inputs are drawn with it. */
const seed = 20261121;

/** A golden vector that cannot be made: its answer is not certain, its two opinions differ, or it would let a thoughtless answer pass. */
export class BadVector extends Error {
  override readonly name = 'BadVector';
}

const written = (output: Digits): object =>
  Object.fromEntries(
    [...output].map(([field, value]) => [
      field,
      toWire(mapLeaves(value, isRendered, ({ shape, values }) => ({ shape, digits: values })), 'readable'),
    ]),
  );

/** The vectors of one component: each of its examples with the certified answer, and an input for each reason to reject one. */
export function vectorsOf<N extends Name>(name: N): object {
  const { family, source, examples, invalid, input: schema } = spec[name];
  let previous: unknown;
  const cases = examples.map(({ id, why, flags, input, storage }) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new BadVector(`${name}/${id}: its input is invalid: ${parsed.error.issues[0]?.message}`);
    const output = goldenDigits(name, parsed.data, digits);
    const difference = disagreement(name, parsed.data, output);
    if (difference !== undefined) throw new BadVector(`${name}/${id}: two arithmetics differ in ${difference}`);
    const trial = wouldPass(name, parsed.data, previous, storage);
    previous = trial.answer;
    if (trial.title !== undefined) throw new BadVector(`${name}/${id}: ${trial.title} would pass; give it an input that tells them apart`);
    return { id, why, flags, input: toWire(input, 'readable'), output: written(output) };
  });
  const rejects = Object.entries(invalid).map(([id, arbitrary]) => ({ id, input: toWire(fc.sample(arbitrary, { numRuns: 1, seed })[0], 'readable'), rejects: true }));
  return { touchstone: 1, component: name, family, source, cases, rejects };
}
