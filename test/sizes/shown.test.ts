import { expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../../conformance/checking/check.ts';
import { worthOf } from '../../conformance/checking/worth.ts';
import { inProcess } from '../../conformance/interface/implementation.ts';
import { judge } from '../../conformance/judging/judge.ts';
import { askedOf } from '../../conformance/sizes/asked.ts';
import { roundTo } from '../../spec/format.ts';
import { spec } from '../../spec/index.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { references } from '../../reference/index.ts';
import { mixed, mixesOf } from '../honest/attention/attention.ts';
import { unitOf } from '../honest/machine.ts';
import { chosen } from '../honest/sampling/filters.ts';

const unit = unitOf({ storage: 'float32', accumulate: 'float32', order: 'sequential', online: 0 });

test('top-p of 512 tokens that keeps the likeliest alone: nothing is said where sums in bfloat16 would explain it', () => {
  const subject = { component: spec.topP, reference: references.topP };
  const logits = tensor(
    'float32',
    [1, 512],
    Array.from({ length: 512 }, (_, i) => ((i * 7919) % 512) / 128),
  );
  const input = spec.topP.input.parse({ logits, p: 0.9 });
  const output = chosen(unit, logits, (_unit, row) => new Set([row.indexOf(511 / 128)]));
  const said = (numerics: DeclaredNumerics) => {
    const judgement = judge(subject, input, output, numerics);
    const rounding = roundingOf(numerics);
    const verdict = worthOf({ subject, input, output, rounding }, judgement, false);
    return [judgement.verdict.status, verdict?.status];
  };
  expect(said({ accumulate: 'bfloat16' })).toEqual(['pass', undefined]);
  expect(said({})).toEqual(['fail', 'fail']);
});

/** Attention in float32 whose probabilities are kept in bfloat16, and forgotten of the last so many keys. */
const forgetting = (keys: number) =>
  inProcess({
    name: 'forgetting',
    version: '1',
    entries: {
      scaledDotProductAttention: {
        numerics: { intermediates: { probabilities: 'bfloat16' } },
        options: { emptyRow: ['zero'] },
        run: (input) => {
          const [length, width] = input.value.shape.slice(-2);
          const values = rowsOf(input.value);
          const rows = mixesOf(unit, input).map(({ weights, total, ...mix }) => {
            const shares = weights.map((w, j) =>
              j < weights.length - keys ? roundTo(unit.round(w / total), 'bfloat16') : 0,
            );
            const own = values.slice(mix.block * (length ?? 0), (mix.block + 1) * (length ?? 0));
            return mixed(unit, { ...mix, weights: shares, total: 1 }, own, width ?? 1);
          });
          return {
            output: unit.store([...input.query.shape.slice(0, -1), width ?? 1], rows.flat()),
          };
        },
      },
    },
  });

test.each([
  [0, false],
  [8, true],
] as const)(
  'attention over 4,096 keys that forgets %i of them is seen: %s',
  async (keys, isSeen) => {
    const shape = 'B=1 H=1 Lq=8 Lk=4096 D=16 E=17';
    const shapes = [askedOf('scaledDotProductAttention', shape, { given: [] })];
    for (const strict of [false, true]) {
      const { verdict, warnings = [] } = await checkComponent(
        'scaledDotProductAttention',
        forgetting(keys),
        { ...defaultSettings, shapes, budget: 3, strict },
      );
      expect(verdict === 'fail' || (!strict && warnings.length > 0)).toBe(isSeen);
    }
  },
  120_000,
);
