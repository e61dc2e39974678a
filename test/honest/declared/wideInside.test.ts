import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isName, type Name } from '../../../spec/index.ts';
import { tensor } from '../../../spec/tensor.ts';
import { honest } from '../index.ts';
import { declared, unitOf, type Machine } from '../machine.ts';
import { put, runs } from '../put.ts';
import { sgdBy, sgdStep } from '../training/sgdStep.ts';

/** Sums in float64, stored in something narrower: what runs on a host. */
const machines = (['float32', 'bfloat16', 'float16'] as const).map((storage): Machine => ({
  storage,
  accumulate: 'float64',
  order: 'sequential',
  online: 0,
}));

async function refusal<N extends Name>(name: N, machine: Machine, count: number) {
  const sound = honest[name];
  if (sound === undefined) throw new TypeError(`${name} has no sound kernel`);
  const own = declared(machine);
  const { algorithm, ...extra } = sound.numerics ?? {};
  const numerics = { ...own, ...extra, algorithm: { ...own.algorithm, ...algorithm } };
  const { options = {} } = sound;
  return (await put(name, sound.kernel(unitOf(machine)), numerics, { options, count })).refused;
}

describe.each(Object.keys(honest).filter(isName))('%s', (name) => {
  test('float64 inside, stored in less', async () => {
    const count = Math.ceil(runs / 20);
    for (const machine of machines)
      expect([machine.storage, await refusal(name, machine, count)]).toEqual([
        machine.storage,
        undefined,
      ]);
  }, 600_000);
});

/** Elements that are subnormal in float32, or nearly, and factors that no binary format holds. */
const faint = fc
  .record({
    numbers: fc.array(
      fc
        .tuple(fc.integer({ min: -(2 ** 20), max: 2 ** 20 }), fc.integer({ min: -149, max: -120 }))
        .map(([m, e]) => m * 2 ** e),
      { minLength: 3, maxLength: 3 },
    ),
    rate: fc.constantFrom(0.1, 0.3, 1e-3),
    momentum: fc.constantFrom(0.5, 0.9, 0.99),
    isNew: fc.boolean(),
  })
  .map(({ numbers: [p = 0, g = 0, v = 0], rate, momentum, isNew }) => ({
    parameter: tensor('float32', [1], [isNew ? 0 : Math.fround(p)]),
    gradient: tensor('float32', [1], [Math.fround(g)]),
    velocity: tensor('float32', [1], [Math.fround(v)]),
    learningRate: rate,
    momentum,
  }));

const float32: Machine = {
  storage: 'float32',
  accumulate: 'float64',
  order: 'sequential',
  online: 0,
};

/** 0.1 times this rounds in double to what lies halfway between two numbers of float32, which the product itself does not. */
const halfway = fc.constant({
  parameter: tensor('float32', [1], [0]),
  gradient: tensor('float32', [1], [2 ** -149]),
  velocity: tensor('float32', [1], [7.346839692639297e-40]),
  learningRate: 0.1,
  momentum: 0.5,
});

test('a step on subnormal numbers', async () => {
  const unit = unitOf(float32);
  const inputs = fc.oneof(halfway, faint, faint);
  const result = await put('sgdStep', sgdStep(unit), declared(float32), { inputs });
  expect(result.refused).toBeUndefined();
  expect(result.judged).toBeGreaterThan(runs / 4);
});

test('a rate of float32 is refused where sums are declared to be kept in float64', async () => {
  const unit = unitOf(float32);
  const narrow = sgdBy(unit, ({ p, g, v, rate, momentum, decay }) => {
    const velocity = Math.fround(momentum) * v + (g + decay * p);
    return { parameter: p - Math.fround(rate) * velocity, velocity };
  });
  const result = await put('sgdStep', narrow, declared(float32));
  expect(result.refused).toBeDefined();
});
