import { readFileSync, statSync } from 'node:fs';
import { spec, type Input, type Name } from '../../spec/index.ts';
import { show } from '../../spec/schema.ts';
import { TooLong } from '../../reference/arithmetics/trace.ts';
import { Undecided } from '../../reference/arithmetics/enclosing.ts';
import { readInput } from '../judging/exact.ts';
import { explained } from '../explain/explanation.ts';
import { explanationJson } from '../explain/json.ts';
import { explanationText, type Lesson } from '../explain/layOut.ts';
import { compared } from '../explain/printed.ts';
import { followedOf, ownInput, type Followed } from '../explain/worked.ts';
import { parseJson } from '../interface/json.ts';
import { MalformedTensor } from '../interface/wire.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { componentOf } from './select.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { numberOf, textOf } from './values.ts';

const mostBytes = 4 * 2 ** 20;
/** What takes longer to remember than anybody would wait. */
const mostOperations = 500_000;

/** `touchstone explain`. */
export async function explain(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const name = componentOf(operands[0] ?? '');
  const digits = numberOf(values, 'digits', { least: 1, most: 50, fallback: 5 });
  const path = textOf(values, 'input');
  const law = textOf(values, 'break');
  if (law !== undefined) {
    if (path !== undefined)
      throw new UsageError('--input and --break: expected one of the two, got both');
    const { explainBreak } = await import('./explainBreak.ts');
    return explainBreak(name, law, values, io);
  }
  const followed = path === undefined ? followedOf(name) : [ownInput(path, inputIn(path))];
  const lessons = followed.map((one) => lessonOf(name, one, digits));
  io.stdout.write(
    values.has('json')
      ? `${JSON.stringify(explanationJson(name, lessons, digits), undefined, 2)}\n`
      : explanationText(name, lessons, digits, widthOf(io.stdout.columns)),
  );
  return exitStatus.passed;
}

/** @throws UsageError */
function inputIn(path: string): object {
  const value = parsed(path, contentOf(path));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(
      `--input: ${path}: expected an object of fields, as reference takes it, got ${show(value)}`,
    );
  return value;
}

function contentOf(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > mostBytes) throw new RangeError(`expected at most ${mostBytes} bytes, got ${size}`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/, (open|stat|read).*/, '') : String(error);
    throw new UsageError(`--input: ${path}: could not be read: ${reason}`);
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--input: ${path}: expected JSON: ${reason}`);
  }
}

/** @throws UsageError where an input is none of the component, or more than anybody could follow */
function lessonOf<N extends Name>(name: N, followed: Followed, digits: number): Lesson {
  const input = validInput(name, followed);
  try {
    const explanation = explained(name, input, digits, mostOperations);
    return { followed, input, explanation, compared: compared(explanation, followed.printed) };
  } catch (error) {
    if (error instanceof TooLong)
      throw new UsageError(
        `--input: ${followed.title}: expected an input small enough to follow, this takes ${error.message}; touchstone reference computes it`,
      );
    if (error instanceof Undecided) throw new UsageError(`--input: ${error.message}`);
    throw error;
  }
}

/** @throws UsageError */
function validInput<N extends Name>(name: N, { title, input, isOwn }: Followed): Input<N> & object {
  const wrong = (what: string) =>
    new UsageError(`--input: ${title}: ${what}; touchstone describe ${name} shows what it takes`);
  try {
    const read = spec[name].input.safeParse(isOwn ? readInput(name, input) : input);
    if (read.success) return read.data;
    throw wrong(
      read.error.issues
        .map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`)
        .join('; '),
    );
  } catch (error) {
    if (error instanceof MalformedTensor) throw wrong(`${name}: ${error.message}`);
    throw error;
  }
}
