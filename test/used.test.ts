import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Used, usedPattern } from '../conformance/judging/used.ts';

/** What honest cases use of their bounds: often nothing, sometimes all. */
const uses = fc.array(
  fc.oneof(fc.constantFrom(0, 1, 0.001, 0.5), fc.double({ min: 0, max: 1, noNaN: true })),
  { maxLength: 60 },
);

const usedOf = (values: readonly number[]): Used => {
  const used = new Used();
  for (const value of values) used.add(value);
  return used;
};

const merged = (...parts: readonly Used[]): Used => {
  const total = new Used();
  for (const part of parts) total.merge(String(part), part.worst);
  return total;
};

const said = (used: Used) => ({ worst: used.worst, median: used.median, text: String(used) });

test('worst is the greatest, median the lower one of the sorted list up to a thousandth', () => {
  fc.assert(
    fc.property(uses, (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      const used = usedOf(values);
      expect(used.worst).toBe(sorted.at(-1) ?? 0);
      const median = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
      expect(used.median).toBeGreaterThanOrEqual(median);
      expect(used.median).toBeLessThan(median + 0.0011);
    }),
  );
});

test('merging is what one list would have said, in any grouping and order', () => {
  fc.assert(
    fc.property(uses, uses, uses, (a, b, c) => {
      const [x, y, z] = [usedOf(a), usedOf(b), usedOf(c)];
      const whole = said(usedOf([...a, ...b, ...c]));
      expect(said(merged(merged(x, y), z))).toEqual(whole);
      expect(said(merged(x, merged(y, z)))).toEqual(whole);
      expect(said(merged(z, x, y))).toEqual(whole);
    }),
  );
});

test('what is written is what a report may hold', () => {
  fc.assert(fc.property(uses, (values) => usedPattern.test(String(usedOf(values)))));
  expect(String(usedOf([]))).toBe('');
  expect(String(usedOf([0.2501, 0, 0, 1]))).toBe('0:2 251:1 1000:1');
  for (const text of ['0', '0:', ':1', '0:1,2:3', '0:1  2:3', '0:-1', 'a:1', ' 0:1'])
    expect(usedPattern.test(text)).toBe(false);
});
