import type { ComponentReport, ComponentVerdict } from './report.ts';
import { greatestOf, leastOf } from '../../spec/extremes.ts';

/** Colours a word where colours are wanted. */
export type Paint = (verdict: ComponentVerdict, text: string) => string;

const codes: Readonly<Record<ComponentVerdict, number>> = {
  pass: 32,
  known: 36,
  fail: 31,
  vacuous: 31,
  unsupported: 33,
  broken: 35,
};

/** Colours only on a terminal, and only if NO_COLOR is unset or empty (no-color.org). */
export const painter = (
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Paint =>
  isTerminal && (env['NO_COLOR'] ?? '') === ''
    ? (verdict, text) => `\u001b[${codes[verdict]}m${text}\u001b[39m`
    : (_verdict, text) => text;

const usedText = ({ executed, worstUsed }: ComponentReport): string =>
  executed === 0 ? '–' : worstUsed.toFixed(3);

/** Median and least bits that verdicts settled, over all levels: the least of the medians. */
function settlesText({ levels }: ComponentReport): string {
  const all = Object.values(levels).filter(({ settles }) => settles !== undefined);
  if (all.length === 0) return '–';
  const least = (of: (level: (typeof all)[number]) => number | undefined) =>
    leastOf(all.map((level) => of(level) ?? Infinity));
  const [median, lowest] = [least((one) => one.medianSettles), least((one) => one.leastSettles)];
  return `${median}/${lowest} bits`;
}

/** One line a component: verdict, cases, worst error / bound, bits settled (median/least), time. At most 88 columns for names of up to 32 letters. */
export function table(
  components: readonly (readonly [string, ComponentReport])[],
  paint: Paint,
): string {
  const width = Math.max(9, greatestOf(components.map(([name]) => name.length)));
  const header = `${'component'.padEnd(width)}  ${'verdict'.padEnd(11)}  ${'cases'.padStart(6)}  ${'worst used'.padStart(10)}  ${'settles'.padStart(10)}  ${'time'.padStart(7)}`;
  const lines = components.map(([name, report]) => {
    const { verdict, executed, seconds } = report;
    const padded = paint(verdict, verdict) + ' '.repeat(11 - verdict.length);
    return `${name.padEnd(width)}  ${padded}  ${String(executed).padStart(6)}  ${usedText(report).padStart(10)}  ${settlesText(report).padStart(10)}  ${`${seconds.toFixed(2)} s`.padStart(7)}`;
  });
  return [header, ...lines, ''].join('\n');
}
