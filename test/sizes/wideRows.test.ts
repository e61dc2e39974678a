import { describe, expect, test } from 'vitest';
import { names, spec } from '../../spec/index.ts';
import { ofHonest, ofRounded, wideCases, wideInput } from './wide.ts';

/** `WIDE=2000000 npx vitest run test/sizes/wideRows.test.ts` puts rows as long as that to every component that takes rows. */
const asked = process.env['WIDE'];

/** What is composed costs some thirty times as much: rows there are long enough to tell what grows with their square. */
const lengthFor = (name: (typeof names)[number], axis: string): number => {
  if (asked !== undefined) return Number(asked);
  if (spec[name].bound === 'composed') return 16_385;
  return axis === 'V' ? 151_936 : 128_256;
};

const minutes = asked === undefined ? 60_000 : 1_800_000;

describe('the exact answer to a wide row passes', () => {
  test.each(wideCases)(
    '$name, $axis',
    ({ name, axis }) => {
      const given = wideInput({ name, axis }, lengthFor(name, axis));
      if (given === undefined) return;
      expect(ofRounded(name, given)).toMatchObject({ status: 'pass' });
    },
    minutes,
  );
});
