import { describe, expect, test } from 'vitest';
import { isName, type Name } from '../../../spec/index.ts';
import { declaredDirected, directedUnit, type Directed } from '../directed.ts';
import { honest } from '../index.ts';
import type { Machine } from '../machine.ts';
import { put, runs } from '../put.ts';

/** Formats of storage and of sums. */
const machines: readonly Machine[] = (
  [
    ['float16', 'float32'],
    ['bfloat16', 'float32'],
    ['float32', 'float32'],
    ['float16', 'float16'],
  ] as const
).map(([storage, accumulate]) => ({ storage, accumulate, order: 'sequential', online: 0 }));

const roundings: readonly Directed[] = ['towardZero', 'faithful'];

async function refusal<N extends Name>(name: N, machine: Machine, rounding: Directed) {
  const sound = honest[name];
  if (sound === undefined) throw new TypeError(`${name} has no sound kernel`);
  const own = declaredDirected(machine, rounding);
  const { algorithm, ...extra } = sound.numerics ?? {};
  const numerics = { ...extra, ...own, algorithm: { ...own.algorithm, ...algorithm } };
  const { options = {} } = sound;
  const kernel = sound.kernel(directedUnit(machine, rounding));
  return (await put(name, kernel, numerics, { options, count: Math.ceil(runs / 25) })).refused;
}

describe.each(Object.keys(honest).filter(isName))('%s', (name) => {
  test.each(roundings)(
    `rounded %s, in every format`,
    async (rounding) => {
      for (const machine of machines)
        expect([JSON.stringify(machine), await refusal(name, machine, rounding)]).toEqual([
          JSON.stringify(machine),
          undefined,
        ]);
    },
    600_000,
  );
});
