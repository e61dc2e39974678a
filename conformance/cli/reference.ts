import { isName, names, spec, type Name } from '../../spec/index.ts';
import { isTensor, show } from '../../spec/schema.ts';
import { Uncertified } from '../../reference/evaluate.ts';
import { isRendered } from '../../reference/render.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import type { Tensor } from '../../spec/tensor.ts';
import {
  exactArithmetics,
  exactDigits,
  readInput,
  type Digits,
  type ExactArithmetic,
} from '../judging/exact.ts';
import { parseJson } from '../interface/json.ts';
import { MalformedTensor, toWire } from '../interface/wire.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { linesOf, type Line } from './lines.ts';
import { suggestion } from '../../spec/nearest.ts';
import { UsageError } from './usage.ts';
import { numberOf, textOf } from './values.ts';

interface Settings {
  readonly digits: number;
  readonly arithmetic: ExactArithmetic;
}

/** One answer line, and the exit status that it asks for. */
interface Answered {
  readonly line: object;
  readonly status: number;
}

const mostBytes = 256 * 2 ** 20;

/** `touchstone reference`. */
export async function reference(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const [component] = operands;
  if (component !== undefined)
    return (await import('./answerFile.ts')).answerFile(component, values, io);
  refuseFiles(values);
  const settings = {
    digits: numberOf(values, 'digits', { least: 1, most: 1000, fallback: 50 }),
    arithmetic: arithmeticOf(values),
  };
  let status: number = exitStatus.passed;
  for await (const line of linesOf(io.stdin, mostBytes)) {
    if (io.unread()) break;
    if ('text' in line && line.text.trim() === '') continue;
    const answer = answered(line, settings);
    status = Math.max(status, answer.status);
    io.stdout.write(`${JSON.stringify(answer.line)}\n`);
    await io.drained();
  }
  return status;
}

/** @throws UsageError */
function refuseFiles(values: Values): void {
  const other = ['input', 'output', 'storage', 'map', 'set', 'option', 'force'].find((one) =>
    values.has(one),
  );
  if (other !== undefined)
    throw new UsageError(`reference: --${other}: expected COMPONENT before it, got none`);
}

/** @throws UsageError */
function arithmeticOf(values: Values): ExactArithmetic {
  const text = textOf(values, 'arithmetic') ?? 'certified';
  const found = exactArithmetics.find((known) => known === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--arithmetic: expected one of ${exactArithmetics.join(', ')}, got ${text}; ${suggestion(text, exactArithmetics, 'certified is the default')}`,
  );
}

/** A line that is no question. */
class Malformed extends Error {
  readonly id: unknown;
  constructor(message: string, id: unknown = null) {
    super(message);
    this.id = id;
  }
}

function answered(line: Line, settings: Settings): Answered {
  try {
    const question = questionOf(line);
    return {
      line: { id: question.id, ...answerTo(question, settings) },
      status: exitStatus.passed,
    };
  } catch (error) {
    if (error instanceof Malformed)
      return {
        line: { id: error.id, error: `line ${line.number}: ${error.message}` },
        status: exitStatus.usage,
      };
    if (error instanceof Unproven)
      return { line: { id: error.id, error: error.message }, status: exitStatus.broken };
    throw error;
  }
}

interface Asking {
  readonly id: unknown;
  readonly component: Name;
  readonly input: object;
}

function questionOf(line: Line): Asking {
  if ('tooLong' in line) throw new Malformed(`expected at most ${mostBytes} bytes`);
  const value = parsed(line.text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Malformed(`expected {"id","component","input"}, got ${show(value)}`);
  const id = 'id' in value ? value.id : undefined;
  if (typeof id !== 'number' && typeof id !== 'string')
    throw new Malformed(`id: expected a number or a text, got ${show(id)}`);
  const component = 'component' in value ? value.component : undefined;
  if (typeof component !== 'string' || !isName(component)) {
    const hint = suggestion(String(component), names, 'touchstone list shows them all');
    throw new Malformed(
      `component: expected a name of the catalogue, got ${show(component)}; ${hint}`,
      id,
    );
  }
  const input = 'input' in value ? value.input : undefined;
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new Malformed(`input: expected an object of fields, got ${show(input)}`, id);
  return { id, component, input };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new Malformed(`expected JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A question whose answer is not proven with any precision that we try. */
class Unproven extends Error {
  readonly id: unknown;
  constructor(message: string, id: unknown) {
    super(message);
    this.id = id;
  }
}

function answerTo(
  { id, component, input }: Asking,
  { digits, arithmetic }: Settings,
): { readonly output: object } | { readonly reject: string } {
  try {
    const read = spec[component].input.safeParse(readInput(component, input));
    if (!read.success)
      return {
        reject: read.error.issues
          .map(({ path, message }) => `${[component, ...path].join('.')}: ${message}`)
          .join('; '),
      };
    return { output: written(exactDigits(component, read.data, digits, arithmetic)) };
  } catch (error) {
    if (error instanceof MalformedTensor) return { reject: `${component}: ${error.message}` };
    if (error instanceof Uncertified) throw new Unproven(`${component}: ${error.message}`, id);
    throw error;
  }
}

const written = (output: Digits): object =>
  Object.fromEntries(
    [...output].map(([field, value]) => {
      const digits = mapLeaves(value, isRendered, ({ shape, values }) => ({
        shape,
        digits: values,
      }));
      const elements = ({ dtype, shape, data }: Tensor) => ({
        shape,
        digits: Array.from(data, (x) => (dtype === 'bool' ? x === 1 : x)),
      });
      return [field, toWire(mapLeaves(digits, isTensor, elements), 'readable')];
    }),
  );
