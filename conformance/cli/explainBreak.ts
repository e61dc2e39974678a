import { setImmediate } from 'node:timers/promises';
import { spec, type Name } from '../../spec/index.ts';
import { defaultSettings } from '../checking/check.ts';
import { firstToBreak, type Broken } from '../explain/breaking.ts';
import { fieldsIn } from '../explain/explanation.ts';
import { fieldLines, unusual } from '../explain/layOut.ts';
import { hanging } from '../explain/stepText.ts';
import { suggestion } from '../../spec/nearest.ts';
import { progressOn } from '../report/progress.ts';
import { toWire } from '../interface/wire.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { candidates } from './mutants.ts';
import { widthOf, wrap } from './text.ts';
import { UsageError } from './usage.ts';

/**
 * The one law that a text names or begins.
 *
 * @throws UsageError where there is none, or several
 */
function lawNamed(name: Name, text: string): string {
  const titles = Object.keys({ ...spec[name].laws, ...spec[name].trials });
  const exact = titles.find((title) => title === text);
  const begun = titles.filter((title) => title.startsWith(text));
  const [only] = exact === undefined ? begun : [exact];
  if (only !== undefined && (exact !== undefined || begun.length === 1)) return only;
  const listed = (laws: readonly string[]) => laws.map((law) => `\n  ${law}`).join('');
  if (titles.length === 0) throw new UsageError(`--break: ${name} has no laws`);
  if (begun.length > 1)
    throw new UsageError(
      `--break: expected one law, ${JSON.stringify(text)} begins ${begun.length}:${listed(begun)}`,
    );
  const hint = suggestion(text, titles, 'write it, or its beginning, in quotes');
  throw new UsageError(
    `--break: expected a law of ${name}, got ${JSON.stringify(text)}; ${hint}; it has:${listed(titles)}`,
  );
}

/** `touchstone explain COMPONENT --break LAW`. */
export async function explainBreak(
  name: Name,
  text: string,
  values: Values,
  io: Io,
): Promise<number> {
  const law = lawNamed(name, text);
  const { table, fallback } = await candidates();
  const progress = progressOn(io.stderr);
  const { broken, tried } = await firstToBreak(name, law, {
    candidates: table[name],
    fallback,
    settings: defaultSettings,
    progress: async (done) => {
      progress.show(done, name);
      await setImmediate();
    },
  });
  progress.clear();
  const among = amongMutants(name, tried, table[name].mutants.length);
  io.stdout.write(
    values.has('json')
      ? `${JSON.stringify(brokenJson(name, law, tried, broken), undefined, 2)}\n`
      : brokenText(name, law, broken, among, widthOf(io.stdout.columns)),
  );
  return exitStatus.passed;
}

const brokenJson = (
  name: Name,
  law: string,
  mutantsTried: number,
  broken: Broken | undefined,
): object => ({
  name,
  law,
  mutantsTried,
  broken:
    broken === undefined
      ? null
      : {
          ...broken.mutant,
          disturbed: broken.disturbed,
          message: broken.failure.message,
          level: broken.failure.level,
          answers: broken.answers.map(({ input, answer, refusal }) => ({
            input: toWire(input, 'readable'),
            answer: toWire(answer, 'readable'),
            ...(refusal === undefined ? {} : { refusal }),
          })),
        },
});

const digits = 9;

/** What was tried, where there was not time for all. */
const amongMutants = (name: Name, tried: number, all: number): string =>
  tried < all
    ? `of the first ${tried} of ${all} mutants of ${name}, as many as there was time for,`
    : `of the ${all} mutants of ${name}`;

function brokenText(
  name: Name,
  law: string,
  broken: Broken | undefined,
  among: string,
  width: number,
): string {
  const title = `${name}: ‘${law}’`;
  if (broken === undefined)
    return `${wrap(title, width)}\n\n${wrap(`None ${among} breaks this law on the inputs that are drawn for it, nor does an answer that is spoilt. touchstone mutants ${name} says what refuses each.`, width)}\n`;
  const { mutant, failure, answers } = broken;
  const { defect } = mutant;
  const source = defect === 'classic' ? 'a classic mistake' : `re-creates ${defect}`;
  const breaker = broken.disturbed
    ? `none ${among} on the inputs that are drawn for it; an answer that is spoilt by another amount for every input breaks it: ${mutant.id}, which ${mutant.wrong}`
    : `${mutant.id} (${source}), which ${mutant.wrong}`;
  return [
    `${wrap(title, width)}\n\n`,
    hanging('broken by  ', breaker, width),
    hanging('it says    ', failure.message, width),
    ...answers.map((one, i) =>
      answerText(
        { ...one, input: unusual(name, one.input) },
        answers.length > 1 ? ` ${i + 1}` : '',
        width,
      ),
    ),
  ].join('');
}

function answerText(
  { input, answer, refusal }: Broken['answers'][number],
  number: string,
  width: number,
): string {
  const page = { width, labels: [] };
  const output = typeof answer === 'object' && answer !== null ? answer : { answer };
  const judged =
    refusal === undefined
      ? 'By itself this answer is within its error bound: only the law finds the mistake.'
      : `By itself it is wrong too: ${refusal}`;
  return [
    `\nInput${number}\n${fieldLines(fieldsIn(input, digits), page)}`,
    `\nWhat it answers${number === '' ? '' : ` to${number}`}\n${fieldLines(fieldsIn(output, digits), page)}`,
    `${wrap(judged, width, '  ')}\n`,
  ].join('');
}
