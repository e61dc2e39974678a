import { greatestOf } from '../../spec/extremes.ts';
import { spec, type Name } from '../../spec/index.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor, optionOf, shapeOf, tensorFieldOf } from '../../spec/schema.ts';
import { shapeText } from '../../spec/shape.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { definitions, wrap } from '../cli/text.ts';
import { brief } from './brief.ts';
import type { Explanation, Field, TensorText } from './explanation.ts';
import { fieldsIn } from './explanation.ts';
import { plainFormula } from './formula.ts';
import type { Compared } from './printed.ts';
import { hanging, listText, operationsText, stepsText, type Page } from './stepText.ts';
import type { Followed } from './worked.ts';

/** An example that was followed. */
export interface Lesson {
  readonly followed: Followed;
  readonly input: object;
  readonly explanation: Explanation;
  readonly compared: readonly Compared[];
}

const mostRows = 8;
const mostFields = 16;

/** A tensor row by row: what each row stands for, where that is known. */
function tensorLines(path: string, column: number, tensor: TensorText, page: Page): string {
  const { labels, width } = page;
  const head = `  ${path.padEnd(column)}`;
  const { shape, digits } = tensor;
  if (shape.length === 0) return hanging(head, digits[0] ?? '', width);
  const rows = rowsOf({ shape, data: digits });
  if (rows.length === 0) return hanging(head, 'no rows', width);
  const isLabelled = shape.length > 1 && rows.length === labels.length;
  const wide = Math.max(greatestOf(labels.map((label) => label.length)), 0) + 2;
  const lines = rows.slice(0, mostRows).map((row, i) => {
    const before = i === 0 ? head : ' '.repeat(head.length);
    const label = isLabelled ? (labels[i] ?? '').padEnd(wide) : '';
    return hanging(before + label, listText(row), width);
  });
  const left = rows.length - mostRows;
  return lines.join('') + (left > 0 ? `${' '.repeat(head.length)}… ${left} more rows\n` : '');
}

/** Fields under one another, the values in a column. */
export function fieldLines(fields: readonly Field[], page: Page): string {
  const shown = fields.slice(0, mostFields);
  const column = Math.min(24, Math.max(0, greatestOf(shown.map(({ path }) => path.length)))) + 2;
  const lines = shown.map((field) => {
    const { path } = field;
    if (path.length + 2 > column)
      return `  ${path}\n${fieldLine({ ...field, path: '' }, column, page)}`;
    return fieldLine(field, column, page);
  });
  const left = fields.length - shown.length;
  return lines.join('') + (left > 0 ? `  … and ${left} more\n` : '');
}

const fieldLine = (field: Field, column: number, page: Page): string =>
  'tensor' in field
    ? tensorLines(field.path, column, field.tensor, page)
    : hanging(`  ${field.path.padEnd(column)}`, brief(field.value), page.width);

/** An input without the options that have their default. */
export function unusual(name: Name, input: object): object {
  const schemas = shapeOf(spec[name].input);
  return Object.fromEntries(
    Object.entries(input).filter(
      ([field, value]) => optionOf(schemas[field])?.[0] !== value || value === undefined,
    ),
  );
}

/** The first rows, and how many there are besides. */
const atMost = (rows: readonly (readonly [string, string])[]): typeof rows => {
  const left = rows.length - mostFields;
  return left > 0 ? [...rows.slice(0, mostFields), [`… and ${left} more`, '']] : rows;
};

/** The shape of each tensor beside its pattern; an arrow before what comes out. */
function shapeLines(name: Name, { input, explanation }: Lesson, width: number): string {
  const rowOf = (schema: unknown, path: string, shape: readonly number[]) => {
    const pattern = tensorFieldOf(shapeOf(schema)[path])?.shape;
    return shapeText(shape) + (pattern === undefined ? '' : `, of ${pattern}`);
  };
  const given = leavesOf(input, isTensor).map(
    ([path, { shape }]) => [path, rowOf(spec[name].input, path, shape)] as const,
  );
  const found = explanation.output.flatMap((field) =>
    'tensor' in field
      ? [[`→ ${field.path}`, rowOf(spec[name].output, field.path, field.tensor.shape)] as const]
      : [],
  );
  return definitions([...atMost(given), ...atMost(found)], width, '  ', 36);
}

function comparedLines(compared: readonly Compared[], width: number): string {
  return compared
    .map(({ of, agrees, printed, exact }) => {
      const beside = agrees ? 'which is right' : `but it is ${exact.join(', ')}`;
      return hanging('  · ', `${of}: ${printed.join(', ')}; ${beside}`, width);
    })
    .join('');
}

const section = (title: string, body: string): string => (body === '' ? '' : `\n${title}\n${body}`);

function lessonText(name: Name, lesson: Lesson, digits: number, width: number): string {
  const { followed, input, explanation, compared } = lesson;
  const page: Page = { width, labels: followed.labels };
  const remark = followed.remark === '' ? '' : `${wrap(followed.remark, width)}\n`;
  const body =
    explanation.steps.length > 0
      ? section(`Step by step, to ${digits} digits`, stepsText(explanation, page))
      : section(`Line by line, to ${digits} digits`, operationsText(explanation, page));
  return [
    `\n${wrap(`Worked example: ${followed.title}`, width)}\n`,
    remark,
    section('Shapes', shapeLines(name, lesson, width)),
    section('Given', fieldLines(fieldsIn(unusual(name, input), digits), page)),
    body,
    section('Answer', fieldLines(explanation.output, page)),
    section('What the notes print', comparedLines(compared, width)),
  ].join('');
}

/** The page that explains a component. */
export function explanationText(
  name: Name,
  lessons: readonly Lesson[],
  digits: number,
  width: number,
): string {
  const { family, summary, formula, laws, trials } = spec[name];
  const titles = Object.keys({ ...laws, ...trials });
  const bullets = titles.map((title) => hanging('  · ', title, width)).join('');
  return [
    `${wrap(`${name} (${family}): ${summary}`, width)}\n`,
    section('Formula', `${wrap(plainFormula(formula), width, '  ')}\n`),
    ...lessons.map((lesson) => lessonText(name, lesson, digits, width)),
    section(`Laws (what breaks one: touchstone explain ${name} --break LAW)`, bullets),
  ].join('');
}
