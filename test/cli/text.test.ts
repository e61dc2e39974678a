import { describe, expect, test } from 'vitest';
import { printable } from '../../conformance/cli/text.ts';
import { failureText } from '../../conformance/report/failures.ts';

describe('printable', () => {
  test('writes out what a terminal would obey or not show', () => {
    expect(printable('a\u0000b\u001b[31mc\u007f\u009b\t')).toBe(
      String.raw`a\u0000b\u001b[31mc\u007f\u009b\u0009`,
    );
    expect(printable('\ud83d \u202e\u2028\ufeff')).toBe(String.raw`\ud83d \u202e\u2028\ufeff`);
  });

  test('leaves everything else as it is, line breaks too', () => {
    const text = 'α → β\ne\u0301 \u05e9\u05dc\u05d5\u05dd \u{1f600} «»';
    expect(printable(text)).toBe(text);
  });
});

test('no part of a failure reaches a terminal as it came', () => {
  const text = failureText(
    'decodeTokens',
    {
      level: 'core',
      kind: 'generated',
      input: { vocabulary: ['\u001b[2J'] },
      at: 'text',
      expected: 'a\u0000',
      actual: '\u001b]0;x\u0007',
      message: 'got \u001b',
      replay: 'x',
    },
    '',
    80,
  );
  expect(text).not.toMatch(/[^\n\P{Cc}]/u);
  expect(text).toContain(String.raw`a\u0000`);
});
