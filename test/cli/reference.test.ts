import { describe, expect, test } from 'vitest';
import { linesOf } from '../../conformance/cli/lines.ts';
import { call } from './call.ts';

const question = (component: string, input: object, id: unknown = 1): string =>
  `${JSON.stringify({ id, component, input })}\n`;
const logits = (data: readonly (number | string)[]) => ({
  logits: { dtype: 'float64', shape: [data.length], data },
});

async function ask(stdin: string, ...options: readonly string[]) {
  const { status, stdout, stderr } = await call(['reference', ...options], { stdin });
  expect(stderr).toBe('');
  const answers: unknown[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { status, answers };
}

const probabilities = (digits: readonly unknown[]) => ({
  output: { probabilities: { shape: [digits.length], digits } },
});

// e / (1 + e + e²) and so on, from a computer algebra system.
const softmax123 = [
  '0.090030573170380457998022101484491797867930864911467',
  '0.24472847105479765247295961834076279719930007483797',
  '0.66524095577482188952901828017474540493276906025056',
];

describe('reference', () => {
  test('prints 50 proven digits by default', async () => {
    expect(await ask(question('softmax', logits([1, 2, 3])))).toEqual({
      status: 0,
      answers: [{ id: 1, ...probabilities(softmax123) }],
    });
  });

  test.each([1, 5, 17, 1000])(
    'prints %i digits when asked to, the same in more precision',
    async (count) => {
      const [short, long] = await Promise.all(
        [count, count + 13].map((digits) =>
          ask(question('softmax', logits([0.5, 0])), '--digits', String(Math.min(1000, digits))),
        ),
      );
      const texts = JSON.stringify(short?.answers).match(/0\.\d+/g) ?? [];
      expect(texts.map((text) => text.replace(/^0\.0*/, '').length)).toEqual([count, count]);
      expect(JSON.stringify(long?.answers)).toContain(texts[0]?.slice(0, -2));
    },
  );

  test.each(['doubleDouble', 'mathjs'])(
    '%s prints digits that certified confirms, and no more than were asked for',
    async (arithmetic) => {
      const stdin =
        question('softmax', logits([1, 2, 3])) + question('softmax', logits([0, -2000]), 2);
      const { status, answers } = await ask(stdin, '--arithmetic', arithmetic, '--digits', '40');
      expect(status).toBe(0);
      const texts = JSON.stringify(answers[0]).match(/0\.\d+/g) ?? [];
      for (const [i, text] of texts.entries()) {
        const places = text.length - 2;
        expect(
          Math.abs(
            Number(
              BigInt(`${softmax123[i]?.slice(2)}`) -
                BigInt(text.slice(2).padEnd(softmax123[i]?.slice(2).length ?? 0, '0')),
            ),
          ) /
            10 ** ((softmax123[i]?.length ?? 0) - 2 - places),
        ).toBeLessThanOrEqual(0.5);
        expect(text.replace(/^0\.0*/, '').length).toBeLessThanOrEqual(40);
      }
      expect(JSON.stringify(answers[1])).toContain('2.5765358729611496521901504995073529127');
    },
  );

  test('names what has no digits, and leaves decisions and integers as they are', async () => {
    const stdin =
      question('softmax', logits(['NaN', 1])) +
      question('topK', { ...logits([1, 3, '-Infinity']), k: 1 }, 'b');
    expect((await ask(stdin)).answers).toEqual([
      { id: 1, ...probabilities(['NaN', 'NaN']) },
      {
        id: 'b',
        output: {
          kept: { shape: [3], digits: [false, true, false] },
          probabilities: { shape: [3], digits: ['0', `1.${'0'.repeat(49)}`, '0'] },
        },
      },
    ]);
    expect((await ask(question('greedyToken', logits([1, 5])))).answers).toEqual([
      { id: 1, output: { token: { shape: [], digits: [1] } } },
    ]);
  });

  test('rejects invalid input, with status 0', async () => {
    const stdin =
      question('topK', { ...logits([1]), k: 0 }) +
      question('temperature', { ...logits([1]), temperature: 'NaN' }, 2) +
      question('softmax', { logits: { dtype: 'float32', shape: [3], data: [1] } }, 3);
    expect(await ask(stdin)).toEqual({
      status: 0,
      answers: [
        { id: 1, reject: 'topK.k: expected an integer ≥ 1, got 0' },
        {
          id: 2,
          reject: expect.stringContaining('temperature.temperature: expected a finite number'),
        },
        { id: 3, reject: expect.stringContaining('expected base64 text or 3 numbers') },
      ],
    });
  });

  test('goes on after lines that are no questions, with status 2 at the end', async () => {
    const stdin = `nonsense\n[]\n{"id":4}\n\n${question('sotfmax', {}, 5)}${question('softmax', logits([1]), 6).trimEnd()}`;
    const { status, answers } = await ask(stdin);
    expect(status).toBe(2);
    expect(answers).toEqual([
      { id: null, error: expect.stringMatching(/^line 1: expected JSON/) },
      { id: null, error: expect.stringMatching(/^line 2: /) },
      { id: 4, error: expect.stringMatching(/^line 3: component/) },
      { id: 5, error: expect.stringMatching(/^line 5: .*did you mean softmax\?/) },
      expect.objectContaining({ id: 6, output: expect.anything() }),
    ]);
  });

  const float32 = (shape: readonly number[], data: readonly number[]) => ({
    dtype: 'float32',
    shape,
    data,
  });
  const below = '|x| < 1e-9000';
  test.each([
    ['softmax', { logits: float32([2], [0, -1e9]) }, { probabilities: ['1', below] }],
    [
      'softmaxGradient',
      { logits: float32([2], [0.5, 0.5]), outputGradient: float32([2], [1, 1]) },
      { logitsGradient: ['0', '0'] },
    ],
    [
      'crossEntropyGradient',
      {
        logits: float32([1, 1], [3]),
        targets: { dtype: 'int32', shape: [1], data: [0] },
        outputGradient: float32([], [1]),
      },
      { logitsGradient: ['0'] },
    ],
    [
      'layerNormGradient',
      {
        input: float32([2, 1], [3, 4]),
        gain: float32([1], [1]),
        bias: float32([1], [1]),
        outputGradient: float32([2, 1], [1, 2]),
      },
      { inputGradient: [below, below] },
    ],
    [
      'contrastiveLoss',
      { anchors: float32([2, 1], [1, 2]), positives: float32([2, 1], [1, 3]), temperature: 0.1 },
      { anchorsGradient: [below, below] },
    ],
  ])('%s: what is 0, or cannot be told from it, is answered', async (name, input, expected) => {
    const { status, answers } = await ask(question(name, input), '--digits', '1');
    const output = Object.fromEntries(
      Object.entries(expected).map(([field, digits]) => [
        field,
        expect.objectContaining({ digits }),
      ]),
    );
    expect([status, answers]).toEqual([0, [{ id: 1, output: expect.objectContaining(output) }]]);
  });

  test('stops where nobody reads', async () => {
    const { status, stdout } = await call(['reference'], {
      stdin: question('softmax', logits([1])),
      unread: () => true,
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});

test('lines are put together whatever the chunks, and too long ones are left out', async () => {
  const bytes = Buffer.from('é\n123456789\nend\n');
  const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
  const found: unknown[] = [];
  async function* stream() {
    yield* chunks;
  }
  for await (const line of linesOf(stream(), 8)) found.push(line);
  expect(found).toEqual([
    { number: 1, text: 'é' },
    { number: 2, tooLong: true },
    { number: 3, text: 'end' },
  ]);
});
