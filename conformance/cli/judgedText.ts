import { spec, type Name } from '../../spec/index.ts';
import { leavesOf } from '../../spec/leaves.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { defaultOf, isTensor, shapeOf } from '../../spec/schema.ts';
import { shapeText } from '../../spec/shape.ts';
import { failureDetails } from '../checking/failure.ts';
import { biasedText } from '../checking/worth.ts';
import { isBiased } from '../judging/typical.ts';
import { coverageText } from '../judging/parts.ts';
import type { SmallestPart } from '../judging/smallest.ts';
import { toWire } from '../interface/wire.ts';
import { errorText, linesOf, type Row } from '../report/failures.ts';
import { brief } from '../sizes/told.ts';
import type { JudgedRecord } from '../recorded/judged.ts';
import { elementCount } from '../recorded/write.ts';

/** A judgement with what it is of. */
export interface Told {
  readonly name: Name;
  readonly judged: JudgedRecord;
  readonly input: object;
  readonly output: object;
  readonly declared: DeclaredNumerics;
  readonly exported: string | undefined;
}

/** 'query bfloat16 [2, 8, 1024, 64], causal true': tensors, and what is not as it is by default. */
function formOf(schema: unknown, fields: object): string {
  const shape = shapeOf(schema);
  const given = Object.entries(fields).filter(
    ([field, value]) => value !== undefined && value !== defaultOf(shape[field]),
  );
  const texts = given.map(([field, value]) => {
    const [only, ...more] = leavesOf(value, isTensor);
    if (only === undefined) return `${field} ${JSON.stringify(toWire(brief(value), 'readable'))}`;
    if (more.length > 0 || only[0] !== '') return `${field}: ${more.length + 1} tensors`;
    return `${field} ${only[1].dtype} ${shapeText(only[1].shape)}`;
  });
  return texts.join(', ');
}

const partText = ({ unit, number, of }: SmallestPart<object>): string =>
  `${unit} ${number} of ${of}, counted from 0, judged alone`;

/** The elements of small tensors, and the beginnings of long ones. */
const inputOf = (input: object): unknown => brief(toWire(input, 'readable'));

function failureRows({ judged, input, exported }: Told): readonly Row[] {
  if (judged.verdict !== 'fail') return [];
  const { failed, part } = judged;
  const { at, expected, actual, error, bound, message } = failureDetails(failed);
  const own = part === undefined ? undefined : failureDetails(part.failed);
  const small = part?.input ?? (elementCount(input) <= 1000 ? input : undefined);
  return [
    ['at', at],
    ['expected', own?.expected ?? expected],
    ['got', own?.actual ?? actual],
    ['error', errorText(own?.error ?? error, own?.bound ?? bound)],
    ['because', error === undefined && message !== expected && message !== actual ? message : ''],
    ['part', part === undefined ? '' : partText(part)],
    ['input', small === undefined ? '' : inputOf(small)],
    ['export', exported ?? ''],
  ];
}

function passRows({ judged, output }: Told): readonly Row[] {
  if (judged.verdict !== 'pass') return [];
  const { used, settles, coverage, typical, parts } = judged.passed;
  return [
    [
      'judged',
      coverage === undefined ? `all ${elementCount(output)} elements` : coverageText(coverage),
    ],
    ['used', `${Number(used.toPrecision(3))} of the bound, at worst`],
    [
      'settles',
      settles === undefined
        ? ''
        : `${settles.median} bits of an element in the median, ${settles.least} at least`,
    ],
    ['held to', parts === undefined ? '' : [...parts].map((one) => one.join(' ')).join(', ')],
    ['warning', typical !== undefined && isBiased(typical) ? biasedText(typical) : ''],
  ];
}

const vacuousRows = ({ judged }: Told): readonly Row[] => {
  if (judged.verdict !== 'vacuous') return [];
  const { corruption, declaration } = judged.nothing;
  const what =
    corruption === 'any answer'
      ? 'any answer would pass: for this input and what is declared, nothing is certain'
      : `an answer would pass that is wrong by far (${corruption})`;
  return [
    ['because', what],
    ['explained', declaration.join(', ') || 'by the defaults'],
  ];
};

/** A judgement for a person. */
export function judgedText(told: Told, width: number): string {
  const { name, judged, input, output, declared } = told;
  const rows: readonly Row[] = [
    ...failureRows(told),
    ...passRows(told),
    ...vacuousRows(told),
    ['because', judged.verdict === 'unsupported' ? judged.reason : ''],
    ['of', `${formOf(spec[name].output, output)} for ${formOf(spec[name].input, input)}`],
    ['declared', JSON.stringify(declared)],
  ];
  return [`${name}: ${judged.verdict}`, ...linesOf(rows, width, '--export writes all'), ''].join('\n');
}

/** The same for a machine. */
export function judgedJson({ name, judged, declared, exported }: Told): object {
  const shared = { touchstone: 1, component: name, verdict: judged.verdict, declared };
  switch (judged.verdict) {
    case 'pass': {
      const { used, settles, coverage, typical, parts } = judged.passed;
      return {
        ...shared,
        used,
        settles,
        coverage,
        ...(typical === undefined ? {} : { typical: { ...typical, biased: isBiased(typical) } }),
        ...(parts === undefined ? {} : { parts: Object.fromEntries(parts) }),
      };
    }
    case 'vacuous':
      return { ...shared, vacuous: judged.nothing };
    case 'unsupported':
      return { ...shared, reason: judged.reason };
    case 'fail': {
      const { failed, part } = judged;
      return {
        ...shared,
        failure: failureDetails(failed),
        ...(part === undefined
          ? {}
          : {
              part: {
                unit: part.unit,
                number: part.number,
                of: part.of,
                ...failureDetails(part.failed),
                input: brief(toWire(part.input, 'readable')),
                output: brief(toWire(part.answer, 'readable')),
              },
            }),
        ...(exported === undefined ? {} : { export: exported }),
      };
    }
  }
}
