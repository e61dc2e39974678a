import { spec, type Name } from '../../spec/index.ts';
import { toWire } from '../interface/wire.ts';
import type { Entry, Field, Held } from './explanation.ts';
import { plainFormula } from './formula.ts';
import type { Lesson } from './layOut.ts';

const entryJson = ({ at, digits, how }: Entry): object => ({
  ...(at === undefined ? {} : { at }),
  digits: digits.replaceAll('−', '-'),
  ...(how === undefined ? {} : { how }),
});

function heldJson(held: Held): object {
  switch (held.kind) {
    case 'number':
      return { number: entryJson(held.entry) };
    case 'list':
      return { list: held.entries.map(entryJson) };
    case 'rows':
      return { rows: held.rows.map((row) => row.map(entryJson)) };
    case 'choice':
      return { choice: held.indices };
    case 'plain':
      return { value: toWire(plain(held.value), 'readable') };
  }
}

const plain = (value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value;

const fieldJson = (field: Field): readonly [string, unknown] => [
  field.path,
  'tensor' in field
    ? {
        shape: field.tensor.shape,
        digits: field.tensor.digits.map((digits) => digits.replaceAll('−', '-')),
      }
    : toWire(field.value, 'readable'),
];

/** What the page says, for a machine: no step is left out. */
export const explanationJson = (
  name: Name,
  lessons: readonly Lesson[],
  digits: number,
): object => ({
  name,
  formula: spec[name].formula,
  plainFormula: plainFormula(spec[name].formula),
  digits,
  laws: Object.keys({ ...spec[name].laws, ...spec[name].trials }),
  examples: lessons.map(({ followed, input, explanation, compared }) => ({
    title: followed.title,
    ...(followed.remark === '' ? {} : { remark: followed.remark }),
    labels: followed.labels,
    input: toWire(input, 'readable'),
    steps: explanation.steps.map(({ name: step, places, held }) => ({
      name: step,
      places,
      ...heldJson(held),
    })),
    operations: explanation.operations,
    operationCount: explanation.operationCount,
    output: Object.fromEntries(explanation.output.map(fieldJson)),
    printed: compared,
  })),
});
