import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { shared } from '../../../spec/attention/groupedQueryAttention.ts';
import { geometryOf } from '../../../spec/attention/rows.ts';
import { roundTo } from '../../../spec/format.ts';
import type { DeclaredNumerics } from '../../../spec/numerics.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { attentionWeights, mixesOf } from '../attention/attention.ts';
import { declared, unitOf, type Machine, type Unit } from '../machine.ts';
import { put } from '../put.ts';
import { softmax } from '../sampling/softmax.ts';

type Narrow = 'float16' | 'bfloat16';

const machineOf = (storage: Narrow, online: number): Machine => ({
  storage,
  accumulate: 'float32',
  order: 'sequential',
  online,
});

/** What a kernel declares that keeps its weights in the format of its storage before they are used. */
const declaring = (machine: Machine): DeclaredNumerics => ({
  ...declared(machine),
  intermediates: { probabilities: machine.storage },
});

/** An attention as flash attention computes it: P is cast before it is multiplied by V; its sum is of what was not cast, and divides at the end. */
const flash =
  (unit: Unit, cast: (x: number) => number): Kernel<'scaledDotProductAttention'> =>
  (input) => {
    const { leading, queryLength, keyLength } = geometryOf(input);
    const width = input.value.shape.at(-1) ?? 1;
    const values = rowsOf(input.value);
    const rows = mixesOf(unit, input).map(({ weights, total, block, empty }) =>
      Array.from({ length: width }, (_, c) => {
        if (empty) return input.emptyRow === 'nan' ? NaN : 0;
        const column = weights.map((w, j) =>
          w === 0 ? 0 : (values[block * keyLength + j]?.[c] ?? NaN),
        );
        return unit.round(unit.dot(weights.map(cast), column) / total);
      }),
    );
    return { output: unit.store([...leading, queryLength, width], rows.flat()) };
  };

/** An attention in separate operations: the probabilities are divided, cast, and mixed. */
const eager =
  (unit: Unit, cast: (x: number) => number): Kernel<'scaledDotProductAttention'> =>
  (input) => {
    const { leading, queryLength, keyLength } = geometryOf(input);
    const width = input.value.shape.at(-1) ?? 1;
    const values = rowsOf(input.value);
    const rows = mixesOf(unit, input).map(({ weights, total, block, empty }) =>
      Array.from({ length: width }, (_, c) => {
        if (empty) return input.emptyRow === 'nan' ? NaN : 0;
        const column = weights.map((w, j) =>
          w === 0 ? 0 : (values[block * keyLength + j]?.[c] ?? NaN),
        );
        return unit.dot(
          weights.map((w) => cast(unit.round(w / total))),
          column,
        );
      }),
    );
    return { output: unit.store([...leading, queryLength, width], rows.flat()) };
  };

/** Few keys at distances of 0 to 40 nats, so that weights are subnormal in 16 bits, with values as great as those hold. */
const small = (storage: Narrow) =>
  fc.integer({ min: 1, max: 6 }).chain((keys) =>
    fc
      .record({
        key: fc.array(fc.integer({ min: 0, max: 640 }), { minLength: keys, maxLength: keys }),
        value: fc.array(fc.constantFrom(0, 1, -3, 1000, 60000, -60000, 2 ** -14, 0.37), {
          minLength: keys,
          maxLength: keys,
        }),
        scale: fc.constantFrom(0.3, 0.125, 0.05),
      })
      .map(({ key, value, scale }) => ({
        query: tensor(storage, [1, 1], [0.5]),
        key: tensor(storage, [keys, 1], key),
        value: tensor(storage, [keys, 1], value),
        scale,
      })),
  );

const formats = ['float16', 'bfloat16'] as const;
const cases = formats.flatMap((storage) =>
  [0, 1, 3].map((online) => [storage, online, machineOf(storage, online)] as const),
);

describe('weights that are cast before they are used', () => {
  test.each(cases)('flash attention in %s, block %d', async (storage, _online, machine) => {
    const cast = (x: number): number => roundTo(x, storage);
    const numerics = declaring(machine);
    const besides = { inputs: small(storage) };
    for (const kernel of [flash, eager]) {
      const made = kernel(unitOf(machine), cast);
      const result = await put('scaledDotProductAttention', made, numerics, besides);
      expect(result.refused).toBeUndefined();
      expect(result.judged).toBeGreaterThan(10);
    }
  });

  test.each(cases)('groupedQueryAttention in %s, block %d', async (storage, _online, machine) => {
    const made = flash(unitOf(machine), (x) => roundTo(x, storage));
    const kernel: Kernel<'groupedQueryAttention'> = (input) =>
      made({ ...input, ...shared, maskedValues: 'isolated' });
    const result = await put('groupedQueryAttention', kernel, declaring(machine));
    expect(result.refused).toBeUndefined();
    expect(result.judged).toBeGreaterThan(10);
  });

  test.each(cases)('weights and softmax in %s, block %d', async (storage, _online, narrow) => {
    const machine: Machine = { ...narrow, storage: 'float32' };
    const plain = unitOf(machine);
    const cast = (values: readonly number[]) => values.map((x) => roundTo(x, storage));
    const unit: Unit = { ...plain, store: (shape, values) => plain.store(shape, cast(values)) };
    const numerics: DeclaredNumerics = {
      ...declared(machine),
      intermediates: { probabilities: storage },
    };
    const inputs = small(storage);
    const weights = await put('attentionWeights', attentionWeights(unit), numerics, {
      inputs: inputs.map(({ query, key, scale }) => ({ query, key, scale })),
    });
    expect(weights.refused).toBeUndefined();
    expect((await put('softmax', softmax(unit), numerics)).refused).toBeUndefined();
  });

  test('a cast that is not declared is refused, and so is one of other digits', async () => {
    for (const storage of formats) {
      const machine = machineOf(storage, 0);
      const made = flash(unitOf({ ...machine, storage: 'float32' }), (x) => roundTo(x, storage));
      const plain = declared({ ...machine, storage: 'float32' });
      expect((await put('scaledDotProductAttention', made, plain)).refused).toBeDefined();
    }
    const machine: Machine = { ...machineOf('float16', 0), storage: 'float32' };
    const coarse = flash(unitOf(machine), (x) => roundTo(x, 'bfloat16'));
    const finer: DeclaredNumerics = {
      ...declared(machine),
      intermediates: { probabilities: 'float16' },
    };
    expect((await put('scaledDotProductAttention', coarse, finer)).refused).toBeDefined();
  });

  test('weights that are subnormal in the format, and lost altogether, are refused where the format holds them', async () => {
    const machine = machineOf('float16', 0);
    const numerics = declaring(machine);
    const lossy = flash(unitOf(machine), (x) => (x < 2 ** -14 ? 0 : roundTo(x, 'float16')));
    const inputs = small('float16');
    const result = await put('scaledDotProductAttention', lossy, numerics, { inputs });
    expect(result.refused).toBeDefined();
  });
});
