import { widthOf, wrap } from '../cli/text.ts';
import type { ComponentVerdict, InstalledReport, Report } from './report.ts';

const verdicts: readonly ComponentVerdict[] = ['pass', 'known', 'fail', 'vacuous', 'broken'];

/** Of a name, a version, the number of each verdict, of cases, and a time: 80 columns with what is between. */
const widths = [20, 10, 5, 5, 5, 7, 6, 6, 8] as const;

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
    .join(' ');

function row({ implementation, components, seconds }: Report, name: string): string {
  const all = Object.values(components);
  const count = (verdict: ComponentVerdict) =>
    String(all.filter((one) => one.verdict === verdict).length);
  const cases = all.reduce((total, { executed }) => total + executed, 0);
  const version = implementation.version.slice(0, widths[1]);
  return line([name, version, ...verdicts.map(count), String(cases), `${seconds.toFixed(1)} s`]);
}

const nameOf = ({ invocation, implementation }: Report): string =>
  'implementation' in invocation ? invocation.implementation : implementation.name;

/** One line an implementation, and why others were left out. */
export function installedText(
  { reports, skipped }: InstalledReport,
  path: string | undefined,
  columns: number | undefined,
): string {
  const width = widthOf(columns);
  const reasons = skipped.map(({ implementation, reason }) =>
    wrap(`${implementation}: skipped: ${reason.split('\n')[0]}`, width),
  );
  return [
    line(['implementation', 'version', ...verdicts, 'cases', 'time']),
    ...reports.map((report) => row(report, nameOf(report))),
    '',
    ...reasons,
    ...(path === undefined ? [] : [`Report: ${path}`]),
    '',
  ].join('\n');
}
