import { parseArgs } from 'node:util';
import type { Command, Values } from './command.ts';
import { suggestion } from '../../spec/nearest.ts';
import { UsageError } from './usage.ts';

/**
 * Reads the arguments after a command's name.
 *
 * @throws UsageError
 */
export function readArguments(
  name: string,
  { options, operands: wanted }: Command,
  argv: readonly string[],
): { operands: readonly string[]; values: Values } {
  const types = Object.fromEntries(
    Object.entries(options).map(([key, { takes }]) => [
      key,
      { type: takes === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: types,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const operands: string[] = [];
  const values = new Map<string, string | true | readonly string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind === 'option') addOption(values, name, options, token);
  }
  const { least, most, name: operand } = wanted;
  if (operands.length < least)
    throw new UsageError(`${name}: expected ${operand}, got nothing; see touchstone help ${name}`);
  if (operands.length > most) {
    const expected = most === 0 ? 'no argument besides options' : `one ${operand}`;
    throw new UsageError(
      `${name}: expected ${expected}, got ${operands.join(' ')}; see touchstone help ${name}`,
    );
  }
  return { operands, values };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function addOption(
  values: Map<string, string | true | readonly string[]>,
  command: string,
  options: Command['options'],
  { name, rawName, value, inlineValue }: OptionToken,
): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const known = Object.keys(options);
    const hint = suggestion(
      name,
      known,
      `it has ${known.map((key) => `--${key}`).join(', ') || 'none'}`,
    );
    throw new UsageError(
      `${command} ${rawName}: no such option; ${hint.replace('did you mean ', () => 'did you mean --')}`,
    );
  }
  if (values.has(name) && option.repeated !== true)
    throw new UsageError(`${command} ${rawName}: expected once, got it twice`);
  if (option.takes === undefined) {
    if (value !== undefined)
      throw new UsageError(`${command} ${rawName}: expected no value, got ${value}`);
    values.set(name, true);
    return;
  }
  const missing =
    value === undefined || value === '' || (inlineValue !== true && /^--[a-z]/.test(value));
  if (missing)
    throw new UsageError(
      `${command} ${rawName}: expected ${option.takes}, got ${value === undefined ? 'nothing' : value === '' ? 'an empty text' : value}`,
    );
  values.set(name, option.repeated === true ? [...textsOf(values, name), value] : value);
}

/** The value of an option that takes one. */
export const textOf = (values: Values, name: string): string | undefined => {
  const value = values.get(name);
  return typeof value === 'string' ? value : undefined;
};

/** The values of an option that may be repeated, in their order. */
export const textsOf = (values: Values, name: string): readonly string[] => {
  const value = values.get(name);
  return value === undefined || value === true ? [] : typeof value === 'string' ? [value] : value;
};

/**
 * The value of an option that takes a number.
 *
 * @throws UsageError
 */
export function numberOf(
  values: Values,
  name: string,
  {
    least,
    most,
    fallback,
    integer = true,
  }: {
    readonly least: number;
    readonly most: number;
    readonly fallback: number;
    readonly integer?: boolean;
  },
): number {
  const text = textOf(values, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  const sound =
    /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && (!integer || Number.isInteger(value));
  if (!sound || value < least || value > most)
    throw new UsageError(
      `--${name}: expected ${integer ? 'an integer' : 'a number'} from ${least} to ${most}, got ${text}`,
    );
  return value;
}
