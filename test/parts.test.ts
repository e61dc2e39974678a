import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correctlyRounded } from '../conformance/implementations/reference/index.ts';
import { bothCoverages } from '../conformance/checking/tally.ts';
import { castTo } from '../conformance/interface/cast.ts';
import { coverageText, judgeByParts, shareLeft } from '../conformance/judging/parts.ts';
import { references } from '../reference/index.ts';
import { names, spec, type Name } from '../spec/index.ts';
import { leavesOf } from '../spec/leaves.ts';
import { roundingOf } from '../spec/numerics.ts';
import type { PartOfCase, Parts } from '../spec/parts.ts';
import { isTensor, shapeOf, optionOf } from '../spec/schema.ts';
import { tensor, type Tensor } from '../spec/tensor.ts';

const rounding = roundingOf({});

/** The answer of the reference, and its tensors by field. */
function answered(name: Name, input: object): ReadonlyMap<string, Tensor> | undefined {
  const answer = correctlyRounded(name, input, 'float32');
  return 'output' in answer ? new Map(leavesOf(answer.output, isTensor)) : undefined;
}

const placesOf = ({ output }: PartOfCase<unknown>, field: string): readonly number[] =>
  (output[field]?.places ?? []).flatMap(({ start, step, count }) =>
    Array.from({ length: count }, (_, i) => start + i * step),
  );

/** Where a part's own answer is not that of the whole, or two parts hold one element. */
function disagreement(name: Name, input: object, parts: Parts<object>): string | undefined {
  const whole = answered(name, input);
  if (whole === undefined) return undefined;
  const seen = new Map([...whole].map(([field, { data }]) => [field, new Uint8Array(data.length)]));
  for (let first = 0; first < parts.count;) {
    const count = Math.min(2, parts.run - (first % parts.run), parts.count - first);
    const one = parts.part(Array.from({ length: count }, (_, i) => first + i));
    const own = answered(name, one.input);
    for (const [field, { data, shape }] of whole) {
      const places = placesOf(one, field);
      const mine = own?.get(field);
      if (String(mine?.shape) !== String(one.output[field]?.shape))
        return `${field}: shape ${mine?.shape.join()} of part ${first} of ${shape.join()}`;
      for (const [i, place] of places.entries()) {
        const flags = seen.get(field);
        if (flags?.[place] !== 0) return `${field}[${place}] is in two parts`;
        flags[place] = 1;
        if (!Object.is(mine?.data[i], data[place]))
          return `${field}[${place}]: ${mine?.data[i]} in part ${first}, ${data[place]} in the whole`;
      }
    }
    first += count;
  }
  const missing = [...seen].find(([, flags]) => flags.includes(0));
  return missing === undefined ? undefined : `${missing[0]}: an element is in no part`;
}

/** The parts of an input, where its component has any. */
function partsOf<N extends Name>(name: N, input: unknown): [object, Parts<object>] | undefined {
  const parsed = spec[name].input.parse(input);
  const parts = spec[name].parts?.(parsed);
  if (parts === undefined || typeof parsed !== 'object' || parsed === null) return undefined;
  return [parsed, parts];
}

const withParts = names.filter((name) => spec[name].parts !== undefined);

describe('what a part answers is what the whole answers there', () => {
  test.each(withParts)('%s', (name) => {
    const options = Object.entries(shapeOf(spec[name].input)).flatMap(([field, schema]) => {
      const [value] = optionOf(schema) ?? [];
      return value === undefined ? [] : [[field, value] as const];
    });
    let compared = 0;
    for (const level of ['core', 'edge'] as const)
      fc.assert(
        fc.property(
          spec[name].arbitrary(level, Object.fromEntries(options), new Set()),
          (raw: unknown) => {
            const found = partsOf(name, castTo(raw, rounding));
            if (found === undefined) return;
            compared += found[1].count;
            expect(disagreement(name, found[0], found[1])).toBeUndefined();
          },
        ),
        { numRuns: 25, seed: 7 },
      );
    expect(compared).toBeGreaterThan(25);
  });
});

/** Rows of softmax, right but where `spoil` says otherwise. */
function softmaxOf(rows: number, width: number, spoil: (row: number) => boolean) {
  const logits = Float32Array.from({ length: rows * width }, (_, i) => Math.sin(i * 12.9898) * 2);
  const probabilities = new Float32Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    const own = logits.subarray(row * width, (row + 1) * width);
    const weights = Array.from(own, (x) => Math.exp(x));
    const total = weights.reduce((x, y) => x + y, 0);
    weights.forEach((w, i) => (probabilities[row * width + i] = w / total));
    if (spoil(row)) probabilities[row * width] = 0.5;
  }
  return {
    input: spec.softmax.input.parse({ logits: tensor('float32', [rows, width], logits) }),
    answer: { probabilities: tensor('float32', [rows, width], probabilities) },
  };
}

const subject = { component: spec.softmax, reference: references.softmax };
const judged = (rows: number, spoil: (row: number) => boolean, steps = 20_000) => {
  const { input, answer } = softmaxOf(rows, 32, spoil);
  return judgeByParts(subject, input, answer, {}, { steps }).verdict;
};

describe('a large answer is judged in parts', () => {
  const rows = 100_000;
  test('an honest one passes, and says how many parts of it were judged', () => {
    const verdict = judged(rows, () => false);
    expect(verdict).toMatchObject({
      status: 'pass',
      coverage: { unit: 'row', judged: 322, of: rows },
    });
  });
  test.each([0, 1, 31, 64, 4096, rows - 1, rows - 32])('row %i alone is wrong', (wrong) => {
    const verdict = judged(rows, (row) => row === wrong);
    expect(verdict).toMatchObject({
      status: 'fail',
      at: { field: 'probabilities', index: [wrong, 0] },
    });
  });
  test('one row in 50 is wrong', () => {
    expect(judged(rows, (row) => row % 50 === 17).status).toBe('fail');
  });
  test('all rows are judged where the steps are enough', () => {
    const verdict = judged(rows, (row) => row === 77_777, rows * 32);
    expect(verdict).toMatchObject({ status: 'fail', at: { index: [77_777, 0] } });
  });
  test('the statement about the rest', () => {
    expect(shareLeft(1000)).toBeCloseTo(0.00688, 5);
    expect((1 - shareLeft(1000)) ** 1000).toBeCloseTo(0.001, 9);
    const one = { unit: 'query', answers: 1, judged: 1020, of: 9000, drawn: 1000 };
    expect(coverageText(one)).toContain('less than 0.69 % of all are wrong, 99.9 % sure');
    expect(coverageText({ ...one, drawn: 0 })).toContain('says nothing of the rest');
  });
  test('many parts drawn of one answer prove nothing of another', () => {
    const many = { unit: 'row', answers: 1, judged: 1020, of: 2000, drawn: 1000 };
    const both = bothCoverages(many, { ...many, judged: 25, of: 1_000_000, drawn: 10 });
    expect(both).toEqual({ unit: 'row', answers: 2, judged: 1045, of: 1_002_000, drawn: 10 });
    expect(both === undefined ? '' : coverageText(both)).toContain(
      '10 or more drawn at random, so less than 50 % of those of each answer are wrong',
    );
    expect(bothCoverages(many, { ...many, unit: 'output' })?.unit).toBe('part');
  });
});
