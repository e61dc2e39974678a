import { wrap } from '../cli/text.ts';
import { brief } from './brief.ts';
import type { Entry, Explanation, Step } from './explanation.ts';
import { greatestOf } from '../../spec/extremes.ts';

/** How steps are laid out. */
export interface Page {
  readonly width: number;
  /** What the places of an axis stand for. */
  readonly labels: readonly string[];
}

/** A word that fits on no line, in parts that do. */
const pieces = (word: string, room: number): readonly string[] =>
  word.length <= room ? [word] : [word.slice(0, room), ...pieces(word.slice(room), room)];

/** A text whose further lines stand under what follows its head. */
export function hanging(head: string, text: string, width: number): string {
  const indent = ' '.repeat([...head].length);
  const room = Math.max(8, width - indent.length);
  const words = text.split(' ').flatMap((word) => pieces(word, room));
  return `${head}${wrap(words.join(' '), width, indent).slice(indent.length)}\n`;
}

/** Entries of a list of which the first ones and the last are shown. */
function shortened<T>(items: readonly T[], most: number): readonly (T | undefined)[] {
  return items.length <= most
    ? items
    : [...items.slice(0, most - 2), undefined, ...items.slice(-1)];
}

const mostEntries = 8;

const labelOf = (at: Entry['at'], isLabelled: boolean, { labels }: Page): string =>
  (isLabelled && typeof at === 'number' ? labels[at] : undefined) ?? String(at ?? '');

/** A line for each number, with how it came about: the second column is the value. */
function entryLines(entries: readonly Entry[], isLabelled: boolean, page: Page): string {
  const shown = shortened(entries, mostEntries);
  const labels = shown.map((one) => (one === undefined ? '…' : labelOf(one.at, isLabelled, page)));
  const first = Math.max(0, greatestOf(labels.map((label) => [...label].length)));
  const second = Math.max(0, greatestOf(shown.map((one) => one?.digits.length ?? 0)));
  return shown
    .map((one, i) => {
      const head = `    ${(labels[i] ?? '').padEnd(first)}  `;
      if (one === undefined) return `${head}(${entries.length} in all)\n`;
      if (one.how === undefined) return `${head}${one.digits}\n`;
      return hanging(`${head}${one.digits.padEnd(second)}  = `, one.how, page.width);
    })
    .join('');
}

/** [0.2, 0.23, 0.33], with what is left out counted. */
export function listText(digits: readonly string[], most = 12): string {
  const isUniform = digits.length > 4 && new Set(digits).size === 1;
  const shown = shortened(digits, isUniform ? 3 : most).map((text) => text ?? '…');
  const count = digits.length > most ? ` (${digits.length} numbers)` : '';
  return `[${shown.join(', ')}]${count}`;
}

const digitsOf = (entries: readonly Entry[]): readonly string[] =>
  entries.map(({ digits }) => digits);

function rowLines(rows: readonly (readonly Entry[])[], page: Page): string {
  const isLabelled = rows.length === page.labels.length;
  const shown = shortened(
    rows.map((row, i) => ({ row, label: isLabelled ? (page.labels[i] ?? '') : String(i) })),
    mostEntries,
  );
  const column = greatestOf(shown.map((one) => one?.label.length ?? 1)) + 2;
  const lines = shown.map((one) =>
    one === undefined
      ? `    … (${rows.length} rows)\n`
      : hanging(`    ${one.label.padEnd(column)}`, listText(digitsOf(one.row)), page.width),
  );
  const [example] = rows.flat();
  const how =
    example?.how === undefined
      ? ''
      : hanging(`    the first number: ${example.digits} = `, example.how, page.width);
  return lines.join('') + how;
}

/** One number: name = how it came about = value, on one line where that fits. */
function numberText(name: string, entry: Entry, isFirst: boolean, width: number): string {
  const { digits, how } = entry;
  const line = `  ${name} = ${how === undefined ? '' : `${how} = `}${digits}`;
  if (line.length <= width) return `${line}\n`;
  const after = isFirst && how !== undefined ? hanging('    = ', how, width) : '';
  return `  ${name} = ${digits}\n${after}`;
}

/** A step. One like those before it is shown without how its numbers came about. */
function stepText({ name, held }: Step, isFirst: boolean, page: Page): string {
  const { labels, width } = page;
  switch (held.kind) {
    case 'number':
      return numberText(name, held.entry, isFirst, width);
    case 'list': {
      const isLabelled = held.keyed || held.entries.length === labels.length;
      const isToldInFull =
        isFirst &&
        (isLabelled ||
          held.entries.length <= mostEntries ||
          held.entries.some(({ how }) => how !== undefined));
      if (isToldInFull) return `  ${name}\n${entryLines(held.entries, isLabelled, page)}`;
      return hanging(`  ${name} = `, listText(digitsOf(held.entries)), width);
    }
    case 'rows':
      return `  ${name}\n${rowLines(held.rows, page)}`;
    case 'choice': {
      const chosen = held.indices.map((i) => labels[i] ?? String(i));
      return hanging(`  ${name} = `, `{${chosen.join(', ')}}`, width);
    }
    case 'plain':
      return hanging(`  ${name} = `, brief(held.value), width);
  }
}

const mostAlike = 4;
const mostSteps = 80;

/** head 0, query 1: of what there is but one, nothing is said. */
function placeText(places: Step['places'], several: ReadonlySet<string>): string {
  return places
    .filter(({ part }) => several.has(part))
    .map(({ part, index }) => `${part} ${index}`)
    .join(', ');
}

/** All steps in order, under the part that they are of; of many alike, the first ones. */
export function stepsText({ steps }: Explanation, page: Page): string {
  const several = new Set(
    steps.flatMap(({ places }) => places.filter(({ index }) => index > 0).map(({ part }) => part)),
  );
  const seen = new Map<string, number>();
  let place = '';
  let shown = 0;
  const text = steps.map((step) => {
    const alike = seen.get(step.name) ?? 0;
    seen.set(step.name, alike + 1);
    if (alike >= mostAlike || shown >= mostSteps) return '';
    shown += 1;
    const here = placeText(step.places, several);
    const head = here === place || here === '' ? '' : `  — ${here}\n`;
    place = here;
    return head + stepText(step, alike === 0, page);
  });
  const left = steps.length - shown;
  return text.join('') + (left === 0 ? '' : `  … and ${left} more steps like these\n`);
}

const mostOperations = 24;

/** What was computed, line by line, where nothing has a name. */
export function operationsText(
  { operations, operationCount }: Explanation,
  { width }: Page,
): string {
  if (operationCount === 0)
    return `${wrap('Nothing is computed with real numbers: the answer comes of counting, comparing and looking up.', width, '  ')}\n`;
  const shown = operations.slice(0, mostOperations);
  const lines = shown.map((line, i) => hanging(`  ${String(i + 1).padStart(4)}  `, line, width));
  const left = operationCount - shown.length;
  return lines.join('') + (left === 0 ? '' : `        … and ${left} more operations\n`);
}
