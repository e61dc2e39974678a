import { wrap } from '../cli/text.ts';
import { attributes, escaped } from '../report/junit.ts';
import { failureText } from '../report/failures.ts';
import type { Report } from '../report/report.ts';
import type { Baseline } from './baseline.ts';
import type { Change } from './compare.ts';
import { greatestOf } from '../../spec/extremes.ts';

/** What a gate found. */
export interface Gated {
  /** Where the baseline is. */
  readonly path: string;
  readonly before: Baseline;
  readonly after: Baseline;
  readonly changes: readonly Change[];
  /** The command that records this run in place of the baseline. */
  readonly record: string;
}

const kinds = { worse: 'worse', better: 'better', other: 'not comparable' } as const;

const changeText = ({ what, from, to }: Change): string => `${what}: ${from} → ${to}`;

/** How many components are as recorded, worse, better. */
function summary({ before, after, changes }: Gated): string {
  const components = new Set([...Object.keys(before.components), ...Object.keys(after.components)]);
  const of = (kind: Change['kind']) =>
    new Set(changes.filter((one) => one.kind === kind).map(({ component }) => component));
  const [worse, better, other] = [of('worse'), of('better'), of('other')];
  const changed = new Set([...worse, ...better, ...other]);
  const parts = [
    `${components.size - changed.size} of ${components.size} components as recorded`,
    ...(worse.size === 0 ? [] : [`${worse.size} worse`]),
    ...(better.size === 0 ? [] : [`${better.size} better`]),
    ...(other.size === 0 ? [] : [`${other.size} not comparable`]),
  ];
  return `${parts.join(', ')}.`;
}

const title = ({ path, before, after }: Gated): string =>
  `${after.implementation.name} ${after.implementation.version} beside ${path}, recorded of ${before.implementation.version} on ${before.recordedAt.slice(0, 10)}`;

/** For a person: what changed, the failures that are new, and one sentence. */
export function gateText(gated: Gated, report: Report, width: number, options: string): string {
  const { changes, before, record } = gated;
  const column = Math.max(0, greatestOf(changes.map(({ component }) => component.length))) + 2;
  const lines = changes.map((change) => {
    const start = `${kinds[change.kind].padEnd(8)}${change.component.padEnd(column)}`;
    const body = wrap(
      changeText(change),
      Math.max(width, start.length + 30),
      ' '.repeat(start.length),
    );
    return `${start}${body.slice(start.length)}\n`;
  });
  const failures = Object.entries(report.components).flatMap(([name, { failures: list }]) => {
    const known = Object.entries(before.components).find(([component]) => component === name)?.[1];
    const isWorse = changes.some((one) => one.component === name && one.kind === 'worse');
    return known !== undefined && isWorse
      ? list.map((failure) => `\n${failureText(name, failure, options, width)}`)
      : [];
  });
  const isBetter = changes.some(({ kind }) => kind !== 'worse');
  return [
    `${wrap(title(gated), width)}\n\n`,
    ...lines,
    ...failures,
    `${lines.length > 0 ? '\n' : ''}${wrap(summary(gated), width)}\n`,
    isBetter ? `To record it: ${record}\n` : '',
  ].join('');
}

const cell = (text: string): string =>
  text
    .replaceAll('\\', () => '\\\\')
    .replaceAll('|', () => '\\|')
    .replaceAll('\n', ' ');

/** For the summary of a pull request. */
export function gateMarkdown(gated: Gated): string {
  const rows = gated.changes.map(
    ({ component, kind, what, from, to }) =>
      `| ${kinds[kind]} | \`${component}\` | ${cell(what)} | ${cell(from)} | ${cell(to)} |`,
  );
  const passed = gated.changes.every(({ kind }) => kind === 'better');
  const table =
    rows.length === 0
      ? []
      : ['', '| | component | what | recorded | now |', '|---|---|---|---|---|', ...rows];
  return [
    `### touchstone: ${passed ? 'no worse than recorded' : 'worse than recorded'}`,
    '',
    `${title(gated)}: ${summary(gated)}`,
    ...table,
    ...(rows.length > 0 && passed ? ['', `To record it: \`${gated.record}\``] : []),
    '',
  ].join('\n');
}

/** What became of one component, as a suite of JUnit: a case for everything that is otherwise, or one that says that nothing is. */
function gateSuite(
  name: string,
  own: readonly Change[],
): { readonly text: string; readonly cases: number } {
  const cases = own.map((change) => {
    const start = `    <testcase${attributes({ classname: `gate.${name}`, name: change.what })}`;
    const text = changeText(change);
    return change.kind === 'better'
      ? `${start}/>`
      : `${start}><failure${attributes({ type: change.kind, message: text })}>${escaped(text)}</failure></testcase>`;
  });
  const same = `    <testcase${attributes({ classname: `gate.${name}`, name: 'as recorded' })}/>`;
  const lines = cases.length === 0 ? [same] : cases;
  const failures = own.filter(({ kind }) => kind !== 'better').length;
  const start = `  <testsuite${attributes({ name, tests: lines.length, failures })}>`;
  return { text: [start, ...lines, '  </testsuite>'].join('\n'), cases: lines.length };
}

/** For the test views of CI systems. */
export function gateJunit({ before, after, changes }: Gated, seconds: number): string {
  const components = new Set([...Object.keys(before.components), ...Object.keys(after.components)]);
  const suites = [...components].map((name) =>
    gateSuite(
      name,
      changes.filter(({ component }) => component === name),
    ),
  );
  const tests = suites.reduce((total, { cases }) => total + cases, 0);
  const failures = changes.filter(({ kind }) => kind !== 'better').length;
  const root = attributes({ name: 'touchstone gate', tests, failures, time: seconds.toFixed(3) });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${root}>`,
    ...suites.map(({ text }) => text),
    '</testsuites>',
    '',
  ].join('\n');
}
