import { describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../conformance/checking/check.ts';
import { timedOf } from '../conformance/gate/calls.ts';
import { moved } from '../conformance/gate/varied.ts';
import { copied } from '../conformance/interface/copy.ts';
import { inProcess, type Kernel } from '../conformance/interface/implementation.ts';
import { stepwise } from '../conformance/interface/session.ts';
import { leavesOf } from '../spec/leaves.ts';
import { isTensor } from '../spec/schema.ts';
import { names, spec, type Name } from '../spec/index.ts';
import { tensor, type FloatTensor } from '../spec/tensor.ts';
import { mutants } from './mutants/index.ts';
import { plainFloat32 } from './mutants/mutant.ts';

/** Writes zeros over every tensor of a value. */
function zeroed(value: object): void {
  for (const [, { data }] of leavesOf(value, isTensor))
    if (ArrayBuffer.isView(data))
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength).fill(0);
}

const offering = <N extends Name>(name: N, run: Kernel<N>) =>
  inProcess({
    name: 'tried',
    version: '1',
    entries: { [name]: { run, numerics: mutants[name].numerics ?? plainFloat32 } },
  });

const settings = { ...defaultSettings, levels: ['core', 'edge'] as const, runs: 20 };
const checked = async <N extends Name>(name: N, run: Kernel<N>) =>
  (await checkComponent(name, offering(name, run), settings)).verdict;

/** Answers for the input that is left once it is zeros. */
const trivial =
  <N extends Name>(name: N): Kernel<N> =>
  (input) => {
    zeroed(input);
    return mutants[name].honest(input);
  };

/** Answers, and then writes over its input. */
const scribbling =
  <N extends Name>(name: N): Kernel<N> =>
  async (input) => {
    const answer = copied(await mutants[name].honest(input));
    zeroed(input);
    return answer;
  };

test.each(['softmax', 'linear', 'gelu'] as const)(
  '%s is refused where its input is made trivial first',
  async (name) => {
    expect(await checked(name, trivial(name))).toBe('fail');
    expect(await checked(name, mutants[name].honest)).toBe('pass');
  },
);

async function answersBoth<N extends Name>(name: N): Promise<void> {
  for (const { input } of spec[name].examples.slice(0, 3)) {
    const given = copied(Object(input));
    const answer = await offering(name, scribbling(name)).run(name, given, 10);
    expect(given).toEqual(input);
    expect(answer).toEqual(await offering(name, mutants[name].honest).run(name, given, 10));
  }
}

test.each(names)(
  '%s: a kernel that writes over its input changes nothing but its own copy',
  (name) => answersBoth(name),
);

describe('an answer is what it was when it came', () => {
  const logits = tensor('float32', [3], [1, 2, 3]);
  const sound = mutants.softmax.honest;
  const put = async (run: Kernel<'softmax'>) =>
    offering('softmax', run).run('softmax', { logits }, 10);

  test('though it lies in memory that is used again', async () => {
    const memory = new Float32Array(3);
    const run: Kernel<'softmax'> = async (input) => {
      memory.set((await sound(input)).probabilities.data);
      return { probabilities: { dtype: 'float32', shape: [3], data: memory } };
    };
    const implementation = offering('softmax', run);
    const first = await implementation.run('softmax', { logits }, 10);
    const before = copied(first);
    await implementation.run('softmax', { logits: tensor('float32', [3], [9, 0, 0]) }, 10);
    expect(first).toEqual(before);
    expect(await checked('softmax', sound)).toBe('pass');
  });

  test('though it is the input', async () => {
    const run: Kernel<'relu'> = ({ input }) => {
      const { data } = input;
      if (data instanceof Float32Array) data.set(data.map((x) => (x < 0 ? 0 : x)));
      return { output: input };
    };
    expect(await checked('relu', run)).toBe('pass');
  });

  test('though it is another one at every look', async () => {
    let looks = 0;
    const right = await sound(spec.softmax.input.parse({ logits }));
    const wrong = { probabilities: tensor('float32', [3], [1, 0, 0]) };
    const shifting = () => {
      looks += 1;
      return looks === 1 ? right.probabilities : wrong.probabilities;
    };
    const run: Kernel<'softmax'> = () =>
      Object.defineProperty(copied(wrong), 'probabilities', { get: shifting, enumerable: true });
    expect(await put(run)).toEqual({ output: right });
    expect(looks).toBe(1);
  });

  test.each<readonly [string, () => never]>([
    ['throws what cannot be written out', () => fail(Object.create(null))],
    [
      'throws an error that throws',
      () => fail(Object.defineProperty(new Error('x'), 'stack', { get: () => fail(1) })),
    ],
  ])('or an error, where it %s', async (_title, run) => {
    expect(await put(run)).toHaveProperty('error');
  });

  test.each<readonly [string, (sound: object) => object]>([
    [
      'a getter that throws',
      () => ({
        get probabilities(): never {
          return fail('asked');
        },
      }),
    ],
    ['a proxy that throws', (answer) => new Proxy(answer, { ownKeys: () => fail('asked') })],
    [
      'what holds itself',
      () => {
        const ring: Record<string, unknown> = {};
        ring['probabilities'] = ring;
        return ring;
      },
    ],
  ])('or an error, where it is %s', async (_title, made) => {
    const run: Kernel<'softmax'> = async (input) => {
      const answer = await sound(input);
      return Object.setPrototypeOf(made(answer), null) ?? answer;
    };
    expect(await put(run)).toHaveProperty('error');
  });
});

function fail(reason: unknown): never {
  throw reason;
}

test('what was saved is what was saved, though whoever loads it writes over it', async () => {
  const play = stepwise(() => ({
    act: ({ action, input }: { action: string; input: { bytes?: FloatTensor } }) => {
      if (action === 'load' && input.bytes !== undefined) zeroed(input);
      return action === 'save' ? { bytes: tensor('uint8', [2], [7, 9]) } : {};
    },
  }));
  const actions = ['save', 'load'].map((action) => ({ action, input: {} }));
  const { answers } = await play({ open: {}, actions });
  expect(answers[0]).toEqual({ bytes: tensor('uint8', [2], [7, 9]) });
});

describe('what is timed', () => {
  const logits = tensor('float32', [2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const timing = { seed: 1, timeoutSeconds: 10 };

  test('is of the same size, with its elements moved on', () => {
    expect(moved({ logits, p: 2 }, 11)).toEqual({
      logits: tensor('float32', [2, 5], [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
      p: 2,
    });
  });

  test('is never the same object, and of other contents call by call', async () => {
    const [objects, contents] = [new Set<object>(), new Set<string>()];
    const run: Kernel<'softmax'> = (input) => {
      objects.add(input.logits.data);
      contents.add(Array.from(input.logits.data).join());
      return mutants.softmax.honest(input);
    };
    const timed = await timedOf('softmax', offering('softmax', run), { logits }, timing);
    for (const { call } of timed?.ready(9) ?? []) await call();
    expect(objects.size).toBe(10);
    expect(contents.size).toBe(10);
  });

  test('is refused where an answer is kept for the object, or of the case before', async () => {
    let kept: ReturnType<Kernel<'softmax'>> | undefined;
    const run: Kernel<'softmax'> = (input) => (kept ??= mutants.softmax.honest(input));
    const timed = await timedOf('softmax', offering('softmax', run), { logits }, timing);
    const [ready] = timed?.ready(1) ?? [];
    const answer = await ready?.call();
    expect(() => ready?.check(answer)).toThrow('an answer of a call that was timed is wrong');
  });
});
