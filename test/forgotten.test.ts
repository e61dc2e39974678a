import { expect, test } from 'vitest';
import { judge } from '../conformance/judging/judge.ts';
import { isBiased, typicalOf } from '../conformance/judging/typical.ts';
import { checkComponent } from '../conformance/checking/check.ts';
import { inProcess } from '../conformance/interface/implementation.ts';
import { references } from '../reference/index.ts';
import { roundTo } from '../spec/format.ts';
import { spec } from '../spec/index.ts';
import { roundingOf } from '../spec/numerics.ts';
import { rowsOf, tensor } from '../spec/tensor.ts';

const [keyLength, width, queryLength] = [4096, 16, 8] as const;
const numerics = { intermediates: { probabilities: 'bfloat16' } } as const;

/** Numbers that look normal, from a counter. */
function drawn(rows: number, columns: number, scale: number) {
  let state = rows * 7919 + columns;
  const uniform = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  const values = Array.from({ length: rows * columns }, () =>
    Math.fround(scale * (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3)),
  );
  return tensor('float32', [rows, columns], values);
}

/** Attention in float32 with probabilities kept in bfloat16 that forgets its last keys. */
function forgetting(keys: number) {
  const input = spec.scaledDotProductAttention.input.parse({
    query: drawn(queryLength, width, 0.1),
    key: drawn(keyLength, width, 1),
    value: drawn(keyLength, width + 1, 1),
  });
  const values = rowsOf(input.value).slice(0, keyLength - keys);
  const rows = rowsOf(input.query).map((query) => {
    const scores = rowsOf(input.key).map((key) =>
      Math.fround(
        query.reduce((sum, q, t) => Math.fround(sum + Math.fround(q * (key[t] ?? 0))), 0) / 4,
      ),
    );
    const weights = scores.slice(0, values.length).map((s) => Math.fround(Math.exp(s)));
    const total = weights.reduce((sum, w) => Math.fround(sum + w), 0);
    const shares = weights.map((w) => roundTo(Math.fround(w / total), 'bfloat16'));
    return Array.from({ length: width + 1 }, (_, c) =>
      values.reduce(
        (sum, row, j) => Math.fround(sum + Math.fround((shares[j] ?? 0) * (row[c] ?? 0))),
        0,
      ),
    );
  });
  const output = { output: tensor('float32', [queryLength, width + 1], rows.flat()) };
  const subject = {
    component: spec.scaledDotProductAttention,
    reference: references.scaledDotProductAttention,
  };
  const { status } = judge(subject, input, output, numerics).verdict;
  return { status, typical: typicalOf(subject, input, output, roundingOf(numerics)) };
}

test('eight of 4,096 keys that are forgotten pass their bound, and are not typical', () => {
  const [sound, forgetful] = [forgetting(0), forgetting(8)];
  expect([sound.status, forgetful.status]).toEqual(['pass', 'pass']);
  expect(sound.typical?.spread).toBeLessThan(3);
  expect(forgetful.typical !== undefined && isBiased(forgetful.typical)).toBe(true);
}, 60_000);

const uniform = (exp: { absolute: number } | { ulp: number }) =>
  inProcess({
    name: 'uniform',
    version: '1',
    entries: {
      softmax: {
        numerics: { exp },
        run: ({ logits }) => {
          const rows = rowsOf(logits).map((row) => {
            const isNothing = row.every((x) => x === -Infinity) || row.some((x) => !(x < Infinity));
            const live = row.filter((x) => x > -Infinity).length;
            return row.map((x) => (isNothing ? NaN : x > -Infinity ? 1 / live : 0));
          });
          return { probabilities: tensor('float32', logits.shape, rows.flat()) };
        },
      },
    },
  });

test('a declaration that explains any answer makes the verdict vacuous, and is named', async () => {
  const settings = { levels: ['core'], runs: 30, seed: 1, timeoutSeconds: 10 } as const;
  const loose = await checkComponent('softmax', uniform({ absolute: 1 }), settings);
  expect([loose.verdict, loose.vacuous?.declaration]).toEqual(['vacuous', ['exp: {"absolute":1}']]);
  const tight = await checkComponent('softmax', uniform({ ulp: 3 }), settings);
  expect(tight.verdict).toBe('fail');
});
