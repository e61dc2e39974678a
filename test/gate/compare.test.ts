import { describe, expect, test } from 'vitest';
import type { Baseline, ComponentBaseline } from '../../conformance/gate/baseline.ts';
import { compare } from '../../conformance/gate/compare.ts';

const level = { executed: 100, unsupported: 0, worstUsed: 0.2, medianUsed: 0.05 };

const softmax: ComponentBaseline = {
  verdict: 'pass',
  levels: { core: level, edge: level },
  laws: { 'sums to one': 20 },
  failing: [],
  known: [{ title: 'answer: probabilities: off', cases: 3 }],
  declared: {},
  options: { emptyRow: ['nan', 'zero'] },
  limits: { width: 256 },
  promises: { recall: 0.9 },
  inputs: 'a',
  speed: [],
};

const before: Baseline = {
  baseline: 1,
  touchstone: '0.1.0',
  implementation: { name: 'mine', version: '1' },
  invocation: { implementation: './mine.mjs' },
  against: null,
  seed: 1,
  runs: 100,
  levels: ['core', 'edge'],
  everything: true,
  recordedAt: '2026-11-22T00:00:00.000Z',
  components: { softmax },
};

/** What is said of a change, and of the same change back. */
const both = (change: Partial<ComponentBaseline>) => {
  const after = { ...softmax, ...change };
  const said = (one: ComponentBaseline, other: ComponentBaseline) =>
    compare({ ...before, components: { softmax: one } }, { softmax: other }, settings).map(
      ({ kind, what }) => `${kind} ${what}`,
    );
  return { there: said(softmax, after), back: said(after, softmax) };
};
const settings = { slack: 0.05, asked: ['softmax'] } as const;

const changes: readonly (readonly [Partial<ComponentBaseline>, string])[] = [
  [{ verdict: 'known' }, 'verdict'],
  [{ verdict: 'fail' }, 'verdict'],
  [{ verdict: 'unsupported' }, 'verdict'],
  [{ verdict: 'broken' }, 'verdict'],
  [{ failing: ["core vector 'worked-example'"] }, "failure: core vector 'worked-example'"],
  [{ levels: { core: level, edge: { ...level, worstUsed: 0.7 } } }, 'worst used, edge'],
  [{ levels: { core: level, edge: { ...level, executed: 99 } } }, 'cases, edge'],
  [{ levels: { core: level } }, 'cases, edge'],
  [{ laws: { 'sums to one': 19 } }, "cases of 'sums to one'"],
  [{ laws: {} }, "cases of 'sums to one'"],
  [
    { known: [{ title: 'answer: probabilities: off', cases: 4 }] },
    "known failure 'answer: probabilities: off'",
  ],
  [
    { known: [...softmax.known, { title: 'law: sums to one: no', cases: 0 }] },
    "known failure 'law: sums to one: no'",
  ],
  [{ declared: { storage: 'bfloat16' } }, 'declared storage'],
  [{ options: { emptyRow: ['nan'] } }, 'option emptyRow: zero'],
  [{ limits: { width: 128 } }, 'limit width'],
  [{ limits: { width: 256, logits: 8 } }, 'limit logits 8'],
  [{ promises: { recall: 0.8 } }, 'promise recall'],
  [{ promises: {} }, 'promise recall 0.9'],
];

describe('compare', () => {
  test('says nothing of what is as recorded, or nearly', () => {
    expect(both({})).toEqual({ there: [], back: [] });
    const nearly = { levels: { core: { ...level, worstUsed: 0.25 }, edge: level } };
    expect(both(nearly)).toEqual({ there: [], back: [] });
    expect(both({ levels: { core: { ...level, medianUsed: 0.9 }, edge: level } }).there).toEqual(
      [],
    );
  });

  test.for(changes)('%j is worse, and the way back better', ([change, what]) => {
    const { there, back } = both(change);
    expect(there).toContain(`worse ${what}`);
    expect(there.filter((one) => one.startsWith('better'))).toEqual([]);
    expect(back.filter((one) => one.startsWith('worse') && !one.includes('used'))).toEqual([]);
  });

  test('used is compared on the same inputs alone, and others are said to be so', () => {
    const levels = { core: { ...level, worstUsed: 0.7 }, edge: level };
    expect(both({ levels, inputs: 'b' }).there).toEqual(['other inputs']);
    const more = { core: { ...level, worstUsed: 0.7, executed: 101 }, edge: level };
    expect(both({ levels: more }).there).toEqual(['better cases, core']);
    const declared = { storage: 'bfloat16' } as const;
    expect(both({ levels, inputs: 'b', declared }).there).toEqual(['worse declared storage']);
  });

  test('a component that is gone is worse, and a new one better', () => {
    expect(compare(before, {}, settings)).toEqual([
      { component: 'softmax', kind: 'worse', what: 'component', from: 'pass', to: 'not offered' },
    ]);
    expect(compare({ ...before, components: {} }, before.components, settings)).toEqual([
      { component: 'softmax', kind: 'better', what: 'component', from: 'not there', to: 'pass' },
    ]);
    expect(compare(before, {}, { ...settings, asked: [] })).toEqual([]);
  });
});
