import { isUtf8 } from 'node:buffer';
import { constants } from 'node:os';

/** The beginning of a line, quoted, so that what cannot be seen can be read. */
export function excerpt(line: Buffer): string {
  const text = JSON.stringify(line.subarray(0, 120).toString('utf8'));
  return line.length > 120 ? `${text}... (${line.length} bytes)` : text;
}

/** What is wrong with a line that is no answer. */
export function noAnswer(line: Buffer): string {
  const got = isUtf8(line) ? excerpt(line) : `bytes that are not UTF-8: ${excerpt(line)}`;
  return `wrote on stdout what is no answer: expected a JSON object with an integer id on a line of its own, got ${got}; logs and banners belong on stderr`;
}

export function lateText(seconds: number, unfinished: number): string {
  const got = unfinished === 0 ? 'none' : `${unfinished} bytes without an end of line`;
  const hint = 'is every answer ended by a newline and flushed?';
  return `gave no answer in time and was killed: expected one within ${seconds} s, got ${got}; ${hint}`;
}

const signalNames = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** How a process ended. A shell reports a command killed by signal n as status 128 + n. */
export function exitText(status: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `was killed by ${signal}`;
  const hint =
    status === 127
      ? 'the shell found no such command'
      : status === 126
        ? 'the shell may not execute it'
        : signalNames.get((status ?? 0) - 128);
  return `exited with status ${status}${hint === undefined ? '' : ` (${hint})`}`;
}

export function withStderr(reason: string, stderr: string): string {
  if (stderr === '') return `${reason}\n(nothing on its stderr)`;
  return `${reason}\nlast lines of its stderr:\n${stderr.replaceAll(/^/gm, () => '  | ')}`;
}
