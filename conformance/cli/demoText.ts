import { counted } from '../demo/counted.ts';
import type { Answered, Demonstration } from '../demo/demo.ts';
import type { StageReport } from '../demo/stage.ts';
import { readable } from '../report/failures.ts';
import type { Paint } from '../report/table.ts';
import { wrap } from './text.ts';
import { greatestOf } from '../../spec/extremes.ts';

/** A demo and what it was of. */
export interface Shown extends Demonstration {
  readonly implementation: { readonly name: string; readonly version: string };
  readonly seed: number;
  readonly steps: number;
  readonly seconds: number;
  /** The files that were written. */
  readonly files: readonly string[];
}

const isPassed = ({ verdict }: StageReport): boolean => verdict === 'pass';

/** Error / bound of the worst element: where nothing is off at all there is no bound to use. */
const usedText = ({ judged, used }: StageReport): string =>
  judged === 0 ? '–' : used === 0 ? 'exact' : used.toFixed(3);

const painted = (paint: Paint, verdict: StageReport['verdict'], text: string): string =>
  verdict === 'skipped' ? text : paint(verdict, text);

/** A line a stage: its verdict, how many of its answers were judged, and what it did. */
function table(stages: readonly StageReport[], paint: Paint, width: number): string {
  const cells = stages.map((one) => [
    one.stage,
    one.verdict,
    one.asked === 0 ? '–' : `${one.judged} of ${one.asked}`,
    usedText(one),
  ]);
  const titles = ['stage', 'verdict', 'judged', 'used'];
  const widths = titles.map((title, i) =>
    Math.max(title.length, greatestOf(cells.map((cell) => (cell[i] ?? '').length))),
  );
  const line = (cell: readonly string[], last: string, paintIt = (text: string) => text) => {
    const [stage = '', verdict = '', judged = '', used = ''] = cell;
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = widths;
    const hanging = ' '.repeat(w0 + w1 + w2 + w3 + 8);
    const painting = paintIt(verdict) + ' '.repeat(w1 - verdict.length);
    const text = readable(last, width - hanging.length).join(`\n${hanging}`);
    return `${stage.padEnd(w0)}  ${painting}  ${judged.padStart(w2)}  ${used.padStart(w3)}  ${text}`;
  };
  const rows = stages.map(({ verdict, did }, i) =>
    line(cells[i] ?? [], did, (text) => painted(paint, verdict, text)),
  );
  return [line(titles, 'what was done'), ...rows].map((row) => `${row.trimEnd()}\n`).join('');
}

/** Where a stage went wrong. */
function failureText({ stage, failure }: StageReport, width: number): string {
  if (failure === undefined) return '';
  const { component, at, expected, actual, error, bound } = failure;
  const rows: readonly (readonly [string, unknown])[] = [
    ['at', at],
    ['expected', expected],
    ['got', actual],
    ['error', error === undefined ? '' : `${error}, bound ${bound ?? 'none'}`],
  ];
  const lines = rows
    .filter(([, value]) => value !== '' && value !== undefined)
    .flatMap(([label, value]) =>
      readable(value, width - 12).map((text, i) => `  ${(i === 0 ? label : '').padEnd(10)}${text}`),
    );
  const title = component === undefined ? stage : `${stage}: ${component}`;
  return `\n${[title, ...lines].join('\n')}\n`;
}

const listOf = (ids: readonly number[]): string => ids.map((id) => `[${id}]`).join(' ');

/** The question, what was found, and what the model goes on with. */
function answerText(
  { question, found, used, generated, cited, unfounded }: Answered,
  width: number,
): string {
  const passages = found.map(
    ({ id, title, text, score }) =>
      `  [${id}] ${title}, ${score.toFixed(3)}${used.includes(id) ? '' : ', beyond the budget'}\n${wrap(text.trim(), width, '      ')}\n`,
  );
  const sources = [
    ...(cited.length === 0 ? [] : [`It cites ${listOf(cited)} of its prompt.`]),
    ...(unfounded.length === 0 ? [] : [`It cites ${listOf(unfounded)}, which its prompt lacks.`]),
  ];
  return [
    `\n${wrap(question, width)}\n\n`,
    ...passages,
    `\n${wrap(generated.trim(), width, '  ')}\n`,
    ...sources.map((sentence) => `\n${wrap(sentence, width)}\n`),
  ].join('');
}

/** A demo for a person. */
export function demoText(shown: Shown, paint: Paint, width: number): string {
  const { implementation, seed, stages, answered, seconds, files } = shown;
  const passed = stages.filter(isPassed).length;
  const [asked, judged] = (['asked', 'judged'] as const).map((field) =>
    stages.reduce((sum, one) => sum + one[field], 0),
  );
  const summary = `${passed} of ${stages.length} stages passed; ${judged} of ${counted(asked ?? 0, 'answer')} judged in ${seconds.toFixed(1)} s.`;
  return [
    `${implementation.name} ${implementation.version}, seed ${seed}\n`,
    table(stages, paint, width),
    ...stages.map((one) => failureText(one, width)),
    answered === undefined ? '' : answerText(answered, width),
    `\n${wrap(summary, width)}\n`,
    ...(files.length === 0 ? [] : [`${wrap(`Written: ${files.join(', ')}`, width)}\n`]),
  ].join('');
}

/** The same for a machine. */
export function demoJson({ answered, ...rest }: Shown): object {
  if (answered === undefined) return { touchstone: 1, ...rest };
  const { question, found, used, prompt, generated, cited, unfounded } = answered;
  return {
    touchstone: 1,
    ...rest,
    answer: { question, found, used, prompt, generated, cited, unfounded },
  };
}
