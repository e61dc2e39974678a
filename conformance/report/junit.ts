import { spec, isName } from '../../spec/index.ts';
import type { ComponentReport, Failure, KnownReport, Report, Warning } from './report.ts';

/** XML 1.0 has no way to write most control characters and lone surrogates. */
const sayable = (text: string): string =>
  Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const allowed =
      code === 9 ||
      code === 10 ||
      code === 13 ||
      (code >= 32 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd) ||
      code > 0xffff;
    return allowed ? character : '\ufffd';
  }).join('');

export const escaped = (text: string): string =>
  sayable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');

export const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('');

interface Case {
  readonly title: string;
  readonly body: string;
  readonly kind: 'pass' | 'failure' | 'error' | 'skipped';
}

function failureCase(failure: Failure): Case {
  const { level, kind, law, message, replay, at } = failure;
  const element = at === 'broken' ? 'error' : 'failure';
  const title = `${level} ${kind}${law === undefined ? '' : ` ${law}`}`;
  const detail = `${message}\nat ${at}\ninput ${JSON.stringify(failure.input)}\nreplay ${replay}`;
  return {
    title,
    kind: element,
    body: `<${element}${attributes({ type: kind, message })}>${escaped(detail)}</${element}>`,
  };
}

/** A known failure is skipped; that it is gone is a failure. */
function knownCase({ kind, title = '', field = '', ...known }: KnownReport): Case {
  const { occurs, message, reason, upstream, input } = known;
  const detail = `${message}\nupstream ${upstream ?? 'none'}\ninput ${JSON.stringify(input)}`;
  const text = occurs ? reason : `known failure passes now, remove the entry: ${reason}`;
  const element = occurs ? 'skipped' : 'failure';
  return {
    title: ['known', kind, title, field].filter((part) => part !== '').join(' '),
    kind: element,
    body: `<${element}${attributes(occurs ? { message: text } : { type: 'known', message: text })}>${escaped(detail)}</${element}>`,
  };
}

const vacuousCase = (reason: string): Case => ({
  title: 'all cases',
  kind: 'failure',
  body: `<failure${attributes({ type: 'vacuous', message: reason })}/>`,
});

/** What passes, but is warned of. */
const warnedBody = (warnings: readonly Warning[]): string =>
  warnings.length === 0
    ? ''
    : `<system-out>${escaped(warnings.map(({ message, replay }) => `${message}\nreplay ${replay}`).join('\n'))}</system-out>`;

function casesOf({
  verdict,
  failures,
  known,
  warnings = [],
  reason = '',
}: ComponentReport): readonly Case[] {
  if (failures.length > 0 || known.length > 0)
    return [...failures.map(failureCase), ...known.map(knownCase)];
  if (verdict === 'pass') return [{ title: 'all cases', kind: 'pass', body: warnedBody(warnings) }];
  if (verdict === 'vacuous') return [vacuousCase(reason)];
  const kind = verdict === 'unsupported' ? 'skipped' : 'error';
  return [{ title: 'all cases', kind, body: `<${kind}${attributes({ message: reason })}/>` }];
}

const tally = (cases: readonly Case[]) => ({
  tests: cases.length,
  failures: cases.filter(({ kind }) => kind === 'failure').length,
  errors: cases.filter(({ kind }) => kind === 'error').length,
  skipped: cases.filter(({ kind }) => kind === 'skipped').length,
});

function suite(name: string, component: ComponentReport, title: string): string {
  const cases = casesOf(component);
  const family = isName(name) ? spec[name].family : 'touchstone';
  const time = (component.seconds / cases.length).toFixed(3);
  const lines = cases.map(({ title, body }) => {
    const start = `    <testcase${attributes({ classname: `${family}.${name}`, name: title, time })}`;
    return body === '' ? `${start}/>` : `${start}>${body}</testcase>`;
  });
  return [
    `  <testsuite${attributes({ name: title, ...tally(cases), time: component.seconds.toFixed(3) })}>`,
    ...lines,
    '  </testsuite>',
  ].join('\n');
}

/** Reports as JUnit XML: a suite a component (of several implementations: with its name), a case for everything that went wrong. */
export function junit(reports: readonly Report[]): string {
  const entries = reports.flatMap(({ implementation, components }) =>
    Object.entries(components).map(([name, component]) => ({ implementation, name, component })),
  );
  const total = tally(entries.flatMap(({ component }) => casesOf(component)));
  const [first] = reports;
  const root = attributes({
    name:
      reports.length === 1 && first !== undefined
        ? `touchstone ${first.implementation.name} ${first.implementation.version}`
        : 'touchstone',
    ...total,
    time: reports.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
  });
  const suiteName = (implementation: Report['implementation'], name: string) =>
    reports.length === 1 ? name : `${implementation.name} ${name}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${root}>`,
    ...entries.map(({ implementation, name, component }) =>
      suite(name, component, suiteName(implementation, name)),
    ),
    '</testsuites>',
    '',
  ].join('\n');
}
