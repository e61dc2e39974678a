import {
  helloSchema,
  isHello,
  protocolVersion,
  type Hello,
  type Question,
} from '../../interface/protocol.ts';
import { isName, type Name } from '../../../spec/index.ts';
import { show } from '../../../spec/schema.ts';
import { listed, optionProblem } from '../../interface/options.ts';
import type { Offer } from '../../interface/implementation.ts';
import { Connection } from './connection.ts';

/** An adapter that cannot be started, or whose `hello` is not one. Ends a run: nothing can be judged. */
export class AdapterBroken extends Error {
  override readonly name = 'AdapterBroken';
}

export interface Greeting {
  readonly connection: Connection;
  readonly hello: Hello;
}

/**
 * Starts an adapter and greets it.
 *
 * @throws AdapterBroken
 */
export async function greet(
  command: string,
  startSeconds: number,
  lineLimit: number,
): Promise<Greeting> {
  const connection = spawned(command, lineLimit);
  const question: Question = { call: 'hello', touchstone: protocolVersion };
  const outcome = await connection.ask(JSON.stringify(question), startSeconds);
  const problem = 'lost' in outcome ? outcome.lost : problemOf(outcome.answer);
  if ('answer' in outcome && isHello(outcome.answer) && problem === undefined)
    return { connection, hello: outcome.answer };
  await connection.stop(`gave no valid answer to hello: ${problem}`);
  throw new AdapterBroken(
    `adapter ${show(command)} did not say hello: it ${connection.reason}\n${advice(command)}`,
  );
}

/** A command that the system refuses to look at, as one with a zero byte in it. */
function spawned(command: string, lineLimit: number): Connection {
  try {
    return new Connection(command, lineLimit);
  } catch (error) {
    throw new AdapterBroken(`adapter ${show(command)} could not be started: ${String(error)}`);
  }
}

const advice = (command: string): string =>
  `Try it by hand: echo '{"id":0,"call":"hello","touchstone":${protocolVersion}}' | ${command}`;

/** What is wrong with an answer to `hello`, or nothing. */
function problemOf(answer: object): string | undefined {
  for (const [field, text] of Object.entries(answer))
    if (field === 'error' || field === 'reject' || field === 'unsupported')
      return `${field}: ${text}`;
  if ('touchstone' in answer && answer.touchstone !== protocolVersion)
    return `touchstone: expected ${protocolVersion}, the only version of the protocol, got ${show(answer.touchstone)}`;
  const parsed = helloSchema.safeParse(answer);
  if (parsed.success) return optionProblems(parsed.data).join('; ') || undefined;
  return parsed.error.issues
    .map(({ path, message }) => `${path.join('.') || 'hello'}: ${message}`)
    .join('; ');
}

/** Options that the catalogue does not have. Those of unknown components are nobody's business. */
function optionProblems({ components }: Hello): string[] {
  return Object.entries(components).flatMap(([name, { options = {} }]) =>
    isName(name)
      ? Object.entries(options).flatMap(([option, values]) =>
          optionProblem(name, option, values).map(
            (text) => `components.${name}.options.${option}: ${text}`,
          ),
        )
      : [],
  );
}

/** The components of the catalogue that are offered, and a warning for each name that is not in it. */
export function offersOf({ components }: Hello): {
  readonly offers: ReadonlyMap<Name, Offer>;
  readonly warnings: string[];
} {
  const offers = new Map<Name, Offer>();
  const warnings: string[] = [];
  for (const [name, offer] of Object.entries(components)) {
    const { numerics = {}, options = {}, limits = {}, promises = {} } = offer;
    if (isName(name)) offers.set(name, { numerics, options: listed(options), limits, promises });
    else
      warnings.push(`hello offers ${show(name)}, which is no component of the catalogue: ignored`);
  }
  return { offers, warnings };
}
