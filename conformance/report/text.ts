import { widthOf, wrap } from '../cli/text.ts';
import { coverageText } from '../judging/parts.ts';
import type { ComponentReport, ComponentVerdict, Report } from './report.ts';
import { failureText, knownText } from './failures.ts';
import { table, type Paint } from './table.ts';

const verdicts: readonly ComponentVerdict[] = [
  'pass',
  'known',
  'fail',
  'vacuous',
  'unsupported',
  'broken',
];
const words: Readonly<Record<ComponentVerdict, string>> = {
  pass: 'passed',
  known: 'passed but for known failures',
  fail: 'failed',
  vacuous: 'vacuous',
  unsupported: 'unsupported',
  broken: 'broken',
};

/** 25 of 26 components passed, 1 failed; 9120 cases in 31.2 s. */
function summary(report: Report): string {
  const components = Object.values(report.components);
  const counts = verdicts.map(
    (verdict) => [verdict, components.filter((one) => one.verdict === verdict).length] as const,
  );
  const passed = counts.find(([verdict]) => verdict === 'pass')?.[1] ?? 0;
  const rest = counts
    .filter(([verdict, many]) => verdict !== 'pass' && many > 0)
    .map(([verdict, many]) => `, ${many} ${words[verdict]}`);
  const cases = components.reduce((total, { executed }) => total + executed, 0);
  return `${passed} of ${components.length} components passed${rest.join('')}; ${cases} cases in ${report.seconds.toFixed(1)} s.`;
}

/** hnswIndex: always 812, exact 120, approximate 36 parts of answers. */
const held = (components: readonly (readonly [string, ComponentReport])[], width: number): string =>
  components
    .map(([name, { parts }]) => {
      if (parts === undefined) return '';
      const counts = Object.entries(parts).map(([part, times]) => `${part} ${times}`);
      return `${wrap(`${name}: answers held to: ${counts.join(', ')}`, width)}\n`;
    })
    .join('');

/** softmax: sizes B 1 to 4097 (9), V 1 to 16385 (14). */
const reached = (
  components: readonly (readonly [string, ComponentReport])[],
  width: number,
): string =>
  components
    .map(([name, { sizes = {} }]) => {
      const axes = Object.entries(sizes).map(
        ([axis, lengths]) =>
          `${axis} ${lengths.length === 1 ? lengths[0] : `${lengths[0]} to ${lengths.at(-1)} (${lengths.length})`}`,
      );
      return axes.length === 0 ? '' : `${wrap(`${name}: sizes ${axes.join(', ')}`, width)}\n`;
    })
    .join('');

/** What the parts that were judged of large answers say of the others. */
const covered = (
  components: readonly (readonly [string, ComponentReport])[],
  width: number,
): string =>
  components
    .map(([name, { coverage }]) =>
      coverage === undefined ? '' : `${wrap(`${name}: ${coverageText(coverage)}`, width)}\n`,
    )
    .join('');

/** For more components than these the report alone says which sizes were reached. */
const mostReached = 8;

/** What is right, but not as sound answers are. */
const warned = (
  components: readonly (readonly [string, ComponentReport])[],
  width: number,
): readonly string[] =>
  components.flatMap(([name, { warnings = [] }]) =>
    warnings.map(
      ({ level, message, replay }) =>
        `${wrap(`${name}, ${level}, warning: ${message}`, width)}\n  replay    ${replay}\n`,
    ),
  );

/** Why a component was not judged, where that is so. */
const reasons = (
  components: readonly (readonly [string, ComponentReport])[],
  width: number,
): string =>
  components
    .map(([name, { reason }]) =>
      reason === undefined ? '' : `${wrap(`${name}: ${reason}`, width)}\n`,
    )
    .join('');

/** A report for a person: the table, everything that went wrong, and one sentence. */
export function reportText(
  report: Report,
  {
    options,
    path,
    notOffered,
    paint,
    columns,
  }: {
    readonly options: string;
    readonly path: string | undefined;
    readonly notOffered: number;
    readonly paint: Paint;
    readonly columns: number | undefined;
  },
): string {
  const width = widthOf(columns);
  const components = Object.entries(report.components);
  const { name, version } = report.implementation;
  const failures = components.flatMap(([component, { failures: list }]) =>
    list.map((failure) => failureText(component, failure, options, width)),
  );
  const known = components.flatMap(([component, { known: list }]) =>
    list.map((one) => knownText(component, one, width)),
  );
  const details = [
    reasons(components, width),
    ...known,
    ...failures,
    ...warned(components, width),
  ].filter((detail) => detail !== '');
  return [
    `${name} ${version}\n`,
    table(components, paint),
    notOffered === 0 ? '' : `${notOffered} not offered\n`,
    held(components, width),
    components.length > mostReached ? '' : reached(components, width),
    components.length > mostReached ? '' : covered(components, width),
    ...details.map((detail) => `\n${detail}`),
    `\n${wrap(summary(report), width)}\n`,
    path === undefined ? '' : `Report: ${path}\n`,
  ].join('');
}
