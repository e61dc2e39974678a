import { plain } from '../judging/discrete.ts';
import type { Failure } from '../report/report.ts';
import type { Stage } from './stages.ts';
import type { Failed, Verdict } from '../judging/verdict.ts';
import { toWire } from '../interface/wire.ts';
import { brief } from '../sizes/told.ts';

/** A failing case as a report has it. */
export function failureOf(
  { level, kind, title, told }: Stage,
  input: unknown,
  verdict: Verdict,
  replay: string,
): Failure {
  const law = title === '' ? {} : { law: title };
  const shown = told?.(input, verdict) ?? toWire(input, 'readable');
  const shared = { level, kind, ...law, input: shown, replay };
  if (verdict.status !== 'fail') {
    const message = verdict.status === 'broken' ? verdict.message : verdict.status;
    return { ...shared, at: 'broken', expected: 'an answer', actual: message, message };
  }
  return { ...shared, ...failureDetails(verdict) };
}

/** Where an answer is wrong, and how. */
export function failureDetails(
  verdict: Failed,
): Pick<Failure, 'at' | 'expected' | 'actual' | 'error' | 'bound' | 'message'> {
  const { field, index } = verdict.at;
  return {
    at: index === undefined ? field : `${field}[${index.join(', ')}]`,
    expected: brief(toWire(plain(verdict.expected), 'readable')),
    actual: brief(toWire(plain(verdict.actual), 'readable')),
    ...(verdict.error === undefined ? {} : { error: numberText(verdict.error) }),
    ...(verdict.bound === undefined ? {} : { bound: numberText(verdict.bound) }),
    message: verdict.message,
  };
}

const numberText = (value: number): number | string =>
  Number.isFinite(value) ? value : String(value);
