import { describe, expect, test } from 'vitest';
import { deviating } from '../../reference/arithmetics/deviating.ts';
import { Deviation } from '../../reference/arithmetics/deviation.ts';
import { gridsOf } from '../../reference/composed.ts';
import { ladder, lift } from '../../reference/evaluate.ts';
import { references } from '../../reference/index.ts';
import { spec, type Name } from '../../spec/index.ts';
import { roundingOf } from '../../spec/numerics.ts';
import { ofHonest, ofRounded, wideCases, wideInput, type WideCase } from './wide.ts';

/** `WIDE=2000000 npx vitest run test/sizes/wideRows.test.ts` puts rows as long as that to every component that takes rows. */
const asked = process.env['WIDE'];

/** Many queries or places are short rows: they are put where that is asked for. */
const cases =
  asked === undefined ? wideCases.filter(({ axis }) => !['Lq', 'T'].includes(axis)) : wideCases;

/** What is composed costs some thirty times as much; a text is no row, and long enough to tell what grows with its square. */
const lengthFor = ({ name, axis }: WideCase): number => {
  if (asked !== undefined) return Number(asked);
  if (spec[name].bound === 'composed') return 2_049;
  if (['text', 'retrieval'].includes(spec[name].family)) return 16_385;
  return axis === 'V' ? 151_936 : 128_256;
};

const minutes = asked === undefined ? 60_000 : 1_800_000;

describe('the exact answer to a wide row passes', () => {
  test.each(cases)(
    '$name, $axis',
    ({ name, axis }) => {
      const given = wideInput({ name, axis }, lengthFor({ name, axis }));
      if (given === undefined) {
        // A limit of the component itself, which what is put unasked keeps to.
        expect(asked).toBeDefined();
        return;
      }
      expect(ofRounded(name, given)).toMatchObject({ status: 'pass' });
    },
    minutes,
  );
});

const gradients = [
  { name: 'softmaxGradient', axis: 'V' },
  { name: 'crossEntropyGradient', axis: 'V' },
  { name: 'layerNormGradient', axis: 'D' },
  { name: 'attentionGradient', axis: 'Lk' },
] as const;

/** How many errors all numbers of a composed bound carry together. */
function termsOf<N extends Name>(name: N, given: object): number {
  const input = spec[name].input.parse(given);
  let count = 0;
  ladder[0]?.((arithmetic) => {
    const deviations = deviating(arithmetic, roundingOf({ storage: 'float32' }));
    const { closedForm } = references[name];
    if (closedForm === undefined) throw new TypeError(`${name} has no closed form`);
    const found = closedForm(deviations, lift(deviations, input), {});
    for (const { data } of gridsOf(deviations, found).values())
      for (const value of data) count += value instanceof Deviation ? value.count : NaN;
  });
  return count;
}

describe('the errors of a gradient grow with the row, not with its square', () => {
  test.each(gradients)('$name', ({ name, axis }) => {
    const given = wideInput({ name, axis }, 2_049);
    if (given === undefined) throw new TypeError(`${name} has no such input`);
    const count = termsOf(name, given);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(64 * 2_049);
  });
  test.each(gradients)('and no sound kernel of $name is refused', async ({ name, axis }) => {
    const given = wideInput({ name, axis }, 2_049);
    if (given === undefined) throw new TypeError(`${name} has no such input`);
    expect(await ofHonest(name, given)).toMatchObject({ status: 'pass' });
  });
});
