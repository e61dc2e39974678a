import { existsSync } from 'node:fs';
import { decode, encode } from 'gpt-tokenizer/encoding/r50k_base';
import { get_encoding, Tiktoken } from 'tiktoken';
import { afterAll, describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../../conformance/checking/check.ts';
import { readKnownFailures } from '../../conformance/cli/knownFailures.ts';
import type { Implementation } from '../../conformance/interface/implementation.ts';
import { implementations, shippedKnownFailures } from '../../conformance/implementations/index.ts';
import type { Name } from '../../spec/index.ts';

const started = await Promise.all(
  ['tiktoken', 'gpt-tokenizer'].map(async (tokenizer) => {
    try {
      return { tokenizer, implementation: await implementations[tokenizer]?.() };
    } catch (error) {
      return { tokenizer, reason: error instanceof Error ? error.message : String(error) };
    }
  }),
);
afterAll(async () => {
  for (const { implementation } of started) await implementation?.close();
});

const knownOf = (tokenizer: string) => {
  const path = shippedKnownFailures(tokenizer);
  return path !== undefined && existsSync(path) ? readKnownFailures(path) : [];
};

const check = (name: Name, tokenizer: string, implementation: Implementation) =>
  checkComponent(name, implementation, { ...defaultSettings, known: knownOf(tokenizer) });

/** An implementation whose list or text in a field of its answers is changed. */
const changed = (
  implementation: Implementation,
  change: (output: object) => object,
): Implementation => ({
  ...implementation,
  run: async (name, input, seconds) => {
    const answer = await implementation.run(name, input, seconds);
    const output = 'output' in answer ? answer.output : undefined;
    return typeof output === 'object' && output !== null ? { output: change(output) } : answer;
  },
});

/** What none of them may get away with, by component. */
const breaks: readonly (readonly [Name, string, (output: object) => object])[] = [
  [
    'bytePairEncode',
    'leaves out the last token of several',
    (output) =>
      Object.fromEntries(
        Object.entries(output).map(([field, list]) => [
          field,
          Array.isArray(list) && list.length > 1 ? list.slice(0, -1) : list,
        ]),
      ),
  ],
  [
    'bytePairEncode',
    'numbers from one',
    (output) =>
      'ids' in output && Array.isArray(output.ids)
        ? { ...output, ids: output.ids.map((id) => Number(id) + 1) }
        : output,
  ],
  [
    'decodeTokens',
    'drops a byte order mark',
    (output) =>
      'text' in output && typeof output.text === 'string'
        ? { text: output.text.replace(/^\uFEFF/, '') }
        : output,
  ],
  [
    'decodeTokens',
    'trims its text',
    (output) =>
      'text' in output && typeof output.text === 'string' ? { text: output.text.trim() } : output,
  ],
];

describe.each(started)('$tokenizer', ({ tokenizer, implementation, reason }) => {
  test('starts, or says what is missing and how to get it', () => {
    if (reason === undefined) return;
    console.warn(`${tokenizer} was not tried: ${reason}`);
    expect(reason).toMatch(/ needs the package \S+, which is not installed: run npm install \S+@/);
  });

  test.skipIf(implementation === undefined).each([
    ['bytePairEncode', 0.8],
    ['decodeTokens', 0.35],
  ] as const)(
    '%s is right but for what is known, and takes %d of the cases',
    async (name, share) => {
      if (implementation === undefined) return;
      const report = await check(name, tokenizer, implementation);
      expect(report.failures.map(({ message }) => message)).toEqual([]);
      expect(report.verdict).toBe(knownOf(tokenizer).length > 0 ? 'known' : 'pass');
      expect(report.executed / (report.executed + report.unsupported)).toBeGreaterThan(share);
    },
  );

  test.skipIf(implementation === undefined).each(breaks)(
    '%s is refused where it %s',
    async (name, _, change) => {
      if (implementation === undefined) return;
      const report = await check(name, tokenizer, changed(implementation, change));
      expect(report.verdict).toBe('fail');
    },
  );
});

describe('what no case shows', () => {
  test('gpt-tokenizer gives what it left of one text to the next', () => {
    const [half = 0] = encode('\u{1F600}');
    const [whole, other] = [encode('\u4F60'), encode('\u597D')];
    decode(whole);
    expect(decode(whole)).toBe('\u4F60');
    expect(decode([half])).toBe('');
    expect(decode(whole)).toBe('\uFFFD\u4F60');
    expect(decode(other)).toBe('\u597D');
  });

  test('gpt-tokenizer takes an allowed special token at the start alone', () => {
    const options = { allowedSpecial: new Set(['<|endoftext|>']) };
    expect(encode('<|endoftext|>a', options)).toEqual([50_256, 64]);
    expect(encode('a<|endoftext|>', options)).not.toContain(50_256);
  });

  test('tiktoken traps on an id that it lacks, and is then not freed', () => {
    const encoder = get_encoding('gpt2');
    expect(() => encoder.decode(Uint32Array.of(60_000))).toThrow('unreachable');
    expect(() => encoder.free()).toThrow('attempted to take ownership of Rust value');
  });

  test('tiktoken traps on a table without tokens', () => {
    expect(() => new Tiktoken('', {}, '.')).toThrow('unreachable');
  });
});
