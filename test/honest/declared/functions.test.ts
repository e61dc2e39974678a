import { describe, expect, test } from 'vitest';
import { isName, type Name } from '../../../spec/index.ts';
import type { DeclaredNumerics } from '../../../spec/numerics.ts';
import { inaccurately, type Inaccuracy } from '../inaccurate.ts';
import { honest } from '../index.ts';
import { declared, unitOf, type Machine } from '../machine.ts';
import { put, runs } from '../put.ts';

const machine: Machine = {
  storage: 'float32',
  accumulate: 'float32',
  order: 'sequential',
  online: 0,
};

/** What a declaration says of one function, and which elementary functions of a kernel are as far off. */
interface Case {
  readonly title: string;
  readonly numerics: DeclaredNumerics;
  readonly inaccuracy: Inaccuracy;
}

const perUnit = { ulp: 2, perUnit: 2 };
const cases: readonly Case[] = [
  {
    title: 'log, absolutely',
    numerics: { log: { absolute: 3e-6 } },
    inaccuracy: { log: { absolute: 3e-6 } },
  },
  {
    title: 'exp, absolutely',
    numerics: { exp: { absolute: 1e-5 } },
    inaccuracy: { exp: { absolute: 1e-5 } },
  },
  {
    title: 'tanh, absolutely',
    numerics: { tanh: { absolute: 2e-5 } },
    inaccuracy: { tanh: { absolute: 2e-5 } },
  },
  { title: 'log, by its argument', numerics: { log: perUnit }, inaccuracy: { log: perUnit } },
  { title: 'exp, by its argument', numerics: { exp: perUnit }, inaccuracy: { exp: perUnit } },
  { title: 'tanh, by its argument', numerics: { tanh: perUnit }, inaccuracy: { tanh: perUnit } },
  {
    title: 'sine and cosine, by their argument',
    numerics: { sinCos: perUnit },
    inaccuracy: { sin: perUnit, cos: perUnit },
  },
  {
    title: 'log, as WGSL has it',
    numerics: { log: { ulp: 3, absolute: 2 ** -21 } },
    inaccuracy: { log: { ulp: 3, absolute: 2 ** -21 } },
  },
];

async function refusal<N extends Name>(name: N, { numerics, inaccuracy }: Case) {
  const sound = honest[name];
  if (sound === undefined) throw new TypeError(`${name} has no sound kernel`);
  const own = declared(machine);
  const { algorithm, ...extra } = sound.numerics ?? {};
  const whole = { ...own, ...extra, ...numerics, algorithm: { ...own.algorithm, ...algorithm } };
  const kernel = sound.kernel(unitOf(machine));
  const { options = {} } = sound;
  const count = Math.ceil(runs / 15);
  return put(
    name,
    (input) => inaccurately(inaccuracy, machine.accumulate, () => kernel(input)),
    whole,
    { options, count },
  );
}

describe.each(Object.keys(honest).filter(isName))('%s', (name) => {
  test('functions as far off as is declared', async () => {
    for (const one of cases) {
      const { refused } = await refusal(name, one);
      expect([one.title, refused]).toEqual([one.title, undefined]);
    }
  }, 600_000);
});
