import { printable, quoted, wrap } from '../cli/text.ts';
import type { Failure, KnownReport } from './report.ts';

const most = 6;

/** A value on a few lines: what does not fit is counted, not shown. Long lists show their beginning. */
export function readable(
  value: unknown,
  width: number,
  whole = 'the report has all',
): readonly string[] {
  const text = printable(brief(value));
  const lines = wrap(text, width)
    .split('\n')
    .flatMap((line) => chunks(line, width));
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most), `… (${text.length} characters; ${whole})`];
}

const chunks = (line: string, width: number): readonly string[] =>
  line.length <= width ? [line] : [line.slice(0, width), ...chunks(line.slice(width), width)];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function brief(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 64).map(brief);
    return `[${value.length > 64 ? [...shown, `… ${value.length - 64} more`].join(', ') : shown.join(', ')}]`;
  }
  if (!isObject(value)) return String(JSON.stringify(value));
  if ('dtype' in value && 'shape' in value && 'data' in value)
    return `${String(value.dtype)} ${brief(value.shape)} ${brief(value.data)}`;
  if (Object.keys(value).length === 0) return '{}';
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${brief(item)}`)
    .join(', ')} }`;
}

/** Three digits say how far off something is. */
const figure = (value: number | string): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(3))) : value;

const isBlank = (value: unknown): boolean => value === undefined || value === '';

export type Row = readonly [label: string, value: unknown];

/** Labels in a column, values beside them; what is blank is left out. */
export const linesOf = (
  rows: readonly Row[],
  width: number,
  whole = 'the report has all',
): readonly string[] =>
  rows
    .filter(([, value]) => !isBlank(value))
    .flatMap(([label, value]) =>
      readable(value, width - 12, whole).map(
        (line, i) => `  ${(i === 0 ? label : '').padEnd(10)}${line}`,
      ),
    );

export const errorText = (error: Failure['error'], bound: Failure['bound']): string =>
  error === undefined
    ? ''
    : `${figure(error)}, bound ${bound === undefined ? 'none' : figure(bound)}`;

/** One known failure as a person reads it. */
export function knownText(
  component: string,
  { title, reason, upstream, occurs, message, ...known }: KnownReport,
  width: number,
): string {
  const what = occurs ? 'known failure' : 'known failure passes now: remove the entry';
  return [
    `${component}, ${title === undefined ? '' : `'${title}', `}${what}`,
    ...linesOf(
      [
        ['reason', reason],
        ['upstream', upstream ?? ''],
        ['because', occurs ? '' : message],
        ['at', known.at],
        ['expected', known.expected],
        ['got', known.actual],
        ['error', errorText(known.error, known.bound)],
        ['input', known.input],
        ['cases', known.cases],
      ],
      width,
    ),
    '',
  ].join('\n');
}

/** Whether a case is put again by another call than replay. */
export const isCall = (replay: string): boolean => replay.startsWith('check ');

/** One failure as a person reads it, the line that replays it last. */
export function failureText(
  component: string,
  { level, kind, law, at, expected, actual, error, bound, message, input, replay }: Failure,
  options: string,
  width: number,
): string {
  const title = law === undefined ? kind : `${kind} '${law}'`;
  const rows: readonly Row[] = [
    ['at', at === 'broken' ? '' : at],
    ['expected', expected],
    ['got', actual],
    ['error', errorText(error, bound)],
    ['because', error === undefined && message !== expected && message !== actual ? message : ''],
    ['input', input],
  ];
  return [
    `${component}, ${level}, ${title}`,
    ...linesOf(rows, width),
    `  ${'replay'.padEnd(10)}touchstone ${isCall(replay) ? replay : `replay ${quoted(replay)}`} ${options}`,
    '',
  ].join('\n');
}
