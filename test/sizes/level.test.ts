import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimOf } from '../../conformance/checking/claim.ts';
import { checkComponent, defaultSettings, replayToken } from '../../conformance/checking/check.ts';
import { sharedOut } from '../../conformance/checking/runStage.ts';
import { stageSeed } from '../../conformance/checking/seeds.ts';
import { stagesOf, type Stage } from '../../conformance/checking/stages.ts';
import { parseToken } from '../../conformance/checking/token.ts';
import { referenceImplementation } from '../../conformance/implementations/reference/index.ts';
import {
  inProcess,
  type Implementation,
  type Kernel,
} from '../../conformance/interface/implementation.ts';
import { toWire } from '../../conformance/interface/wire.ts';
import { largeAxes } from '../../conformance/sizes/lengths.ts';
import { names, spec, type Name } from '../../spec/index.ts';
import { tensor } from '../../spec/tensor.ts';

const reference = referenceImplementation();

/** The stages of the level size, as a run has them. */
function stages(name: Name, seed: number, budget: number): readonly Stage[] {
  const offer = reference.offers.get(name);
  if (offer === undefined) throw new RangeError(`${name} is not offered`);
  return stagesOf(name, reference, claimOf(name, offer), {
    levels: ['size'],
    runs: 1,
    timeoutSeconds: 1,
    seed,
    budget,
  }).filter(({ level }) => level === 'size');
}

const drawn = (name: Name, stage: Stage, seed: number, path = 0, count = stage.runs) =>
  fc
    .sample(fc.noShrink(stage.arbitrary), {
      seed: stageSeed(seed, name, stage),
      numRuns: path + count,
    })
    .slice(path);

const lengths = (name: Name, seed: number, budget: number) =>
  stages(name, seed, budget).map((stage) =>
    drawn(name, stage, seed).map((input) => stage.lengthsOf?.(input)),
  );

describe('every component has sizes, and what it draws is valid', () => {
  test.each(names)('%s', (name) => {
    const { sized } = spec[name];
    if (sized === undefined) throw new Error(`${name} has no sizes`);
    expect(largeAxes(sized).length).toBeGreaterThan(0);
    const all = stages(name, 1, 0.05);
    expect(all.map(({ title }) => title)).toEqual([...largeAxes(sized), '']);
    const inputs = all.flatMap((stage) => drawn(name, stage, 1));
    const valid = inputs.filter((input) => input !== undefined);
    expect(valid.length).toBeGreaterThan(inputs.length / 2);
    const problems = valid.flatMap((input) => {
      const parsed = spec[name].input.safeParse(input);
      return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
    });
    expect(problems).toEqual([]);
  });
});

describe('the cases follow from seed and budget alone', () => {
  const wire = (seed: number) =>
    stages('linear', seed, 0.1).map((stage) => drawn('linear', stage, seed).map((x) => toWire(x)));

  test('the same seed draws the same inputs, another one others', () => {
    expect(wire(5)).toEqual(wire(5));
    expect(wire(5).at(-1)).not.toEqual(wire(6).at(-1));
  });

  test('a greater budget reaches greater lengths with more cases', () => {
    const [small, large] = [lengths('softmax', 5, 0.02), lengths('softmax', 5, 0.5)];
    expect(large.at(-1)?.length).toBeGreaterThan(small.at(-1)?.length ?? 0);
    expect(large[1]?.[0]?.['V']).toBeGreaterThan(small[1]?.[0]?.['V'] ?? 0);
  });

  test.each([2, 3, 5])('%i shards take each case once', (count) => {
    const whole = lengths('topK', 8, 0.1);
    const parts = stages('topK', 8, 0.1).map((stage, position) =>
      Array.from({ length: count }, (_, i) => {
        const { path, numRuns } = sharedOut(stage.runs, position, { index: i + 1, count });
        return drawn('topK', stage, 8, Number(path), numRuns).map(stage.lengthsOf ?? (() => ({})));
      }),
    );
    for (const [position, shards] of parts.entries())
      expect(shards.flat().length).toBe(whole[position]?.length);
    const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).toSorted();
    expect(parts.map((shards) => sorted(shards.flat()))).toEqual(whole.map(sorted));
  });
});

/** An implementation that is the reference but for what is done to its input, or instead of it. */
const changed = <N extends Name>(name: N, run: Kernel<N>): Implementation =>
  inProcess({ name: 'changed', version: '1', entries: { [name]: { run } } });

async function answered<N extends Name>(name: N, input: object): Promise<unknown> {
  const answer = await reference.run(name, input, 1);
  if (!('output' in answer)) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return spec[name].output.parse(answer.output);
}

const soft = async (logits: object) =>
  spec.softmax.output.parse(await answered('softmax', { logits, emptyRow: 'nan' }));

/** A group of 64 lanes takes 64 elements: what is beyond does not count. */
const withoutTail: Kernel<'softmax'> = async ({ logits }) => {
  const width = logits.shape.at(-1) ?? 0;
  if (width <= 64) return soft(logits);
  const data = Array.from(logits.data, (x, i) => (i % width < 64 ? x : -Infinity));
  return soft(tensor(logits.dtype, logits.shape, data));
};

const checked = (name: Name, one: Implementation, seed: number) =>
  checkComponent(name, one, { ...defaultSettings, levels: ['size'], runs: 1, seed });

describe('what only sizes show is refused, at the default budget', () => {
  test.each([1, 2, 3])('a row longer than 64 that loses its tail, seed %i', async (seed) => {
    const { failures } = await checked('softmax', changed('softmax', withoutTail), seed);
    const [first] = failures.filter(({ level }) => level === 'size');
    expect(first?.kind).toBe('generated');
    const { logits } = spec.softmax.input.parse({
      logits: tensor('float32', [1, 1], [0]),
      ...(typeof first?.input === 'object' ? read(first.input) : {}),
    });
    expect(logits.shape).toEqual([1, 65]);
    expect(Array.from(logits.data).filter((x) => x !== 0).length).toBeLessThan(65);
  });

  test.each([1, 2, 3])('rows beyond 65,535 that are not moved, seed %i', async (seed) => {
    const grid = 65_535;
    const wrong = changed('shiftRight', ({ ids, start }) => {
      const [rows = 0, width = 0] = ids.shape;
      const data = Array.from(ids.data, (id, i) =>
        Math.floor(i / width) >= grid ? id : i % width === 0 ? start : (ids.data[i - 1] ?? 0),
      );
      return { ids: tensor('int32', [rows, width], data) };
    });
    const { failures } = await checked('shiftRight', wrong, seed);
    const [first] = failures.filter(({ level }) => level === 'size');
    expect(first?.input).toMatchObject({ sized: { lengths: { B: 65_536 } } });
    expect(JSON.stringify(first).length).toBeLessThan(5000);
    const token = parseToken(first?.replay ?? '');
    expect(await replayToken(token, wrong, 1)).toMatchObject({ failure: { at: first?.at } });
  });

  test.each([1, 2, 3])('keys beyond two tiles of 64 that are forgotten, seed %i', async (seed) => {
    const forgetful = changed('scaledDotProductAttention', async (input) => {
      const keys = input.key.shape.at(-2) ?? 0;
      const seen = tensor(
        'bool',
        [keys],
        Array.from({ length: keys }, (_, i) => (i < 128 ? 1 : 0)),
      );
      const given = keys > 128 && input.mask === undefined ? { ...input, mask: seen } : input;
      return spec.scaledDotProductAttention.output.parse(
        await answered('scaledDotProductAttention', given),
      );
    });
    const { failures } = await checked('scaledDotProductAttention', forgetful, seed);
    expect(failures.filter(({ level }) => level === 'size').length).toBeGreaterThan(0);
  });

  test.each(['softmax', 'linear', 'layerNorm', 'cachedAttention', 'unigramEncode'] as const)(
    'the reference itself passes: %s',
    async (name) => {
      const { verdict, failures, levels, sizes } = await checked(name, reference, 4);
      expect(failures).toEqual([]);
      expect(verdict).toBe('pass');
      expect(levels.size?.executed).toBeGreaterThan(4);
      expect(Object.keys(sizes ?? {})).toEqual(Object.keys(spec[name].sized?.axes ?? {}));
    },
  );
});

/** The fields of an input as a report has it. */
function read(input: object | null): object {
  return input === null
    ? {}
    : Object.fromEntries(Object.entries(input).map(([k, v]) => [k, revived(v)]));
}

function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('data' in value)) return value;
  return Array.isArray(value.data)
    ? { ...value, data: Float32Array.from(value.data.map(Number)) }
    : value;
}
