import { constants } from 'node:buffer';
import type { Name } from '../../../spec/index.ts';
import type { Question } from '../../protocol.ts';
import type { Answer, Implementation } from '../../implementation.ts';
import { toWire } from '../../wire.ts';
import { readClose, readOpen, readRun, type Failure } from './answers.ts';
import { AdapterBroken, greet, offersOf } from './hello.ts';
import { Supervisor } from './supervisor.ts';

export { AdapterBroken, type Failure };

/** A session that an adapter opened. It lives no longer than the process that holds it. */
export interface Session {
  readonly component: Name;
  readonly id: string;
  /** Which start of the adapter holds it. */
  readonly life: number;
}

export interface ProcessExtras {
  /** What is odd about the adapter and no verdict on a case: names it offers that the catalogue lacks; after `close`, how it ended. */
  readonly warnings: readonly string[];
  /** How many requests may be outstanding; more calls of `run` wait their turn. */
  readonly window: number;
  readonly open: (
    name: Name,
    input: object,
    timeoutSeconds: number,
  ) => Promise<{ readonly session: Session } | Failure>;
  readonly act: (
    session: Session,
    action: string,
    input: object,
    timeoutSeconds: number,
  ) => Promise<Answer>;
  readonly closeSession: (
    session: Session,
    timeoutSeconds: number,
  ) => Promise<{ readonly closed: true } | Failure>;
}

/** Loading a framework onto a device takes its time. */
const defaultStartSeconds = 60;
const defaultLineLimit = 256 * 2 ** 20;

/**
 * A program under test, spoken to in the adapter protocol. The command goes through the shell; the adapter and all its children are killed
 * when it misbehaves, when it is closed, and when this process ends. It is started again as needed, five times a component.
 *
 * @example
 * await startProcess('python3 adapter.py', { startSeconds: 120 })
 * @throws AdapterBroken when it does not start, or does not say hello as the protocol wants
 */
export async function startProcess(
  command: string,
  {
    startSeconds = defaultStartSeconds,
    lineLimit = defaultLineLimit,
  }: {
    readonly startSeconds?: number;
    /** In bytes, the end of line not counted; no more than one text can hold. */
    readonly lineLimit?: number;
  } = {},
): Promise<Implementation & ProcessExtras> {
  const start = () =>
    greet(command, startSeconds, Math.min(lineLimit, constants.MAX_STRING_LENGTH));
  const greeting = await start();
  const { name, version, language, window = 1 } = greeting.hello;
  const { offers, warnings } = offersOf(greeting.hello);
  const supervisor = new Supervisor(greeting, start);
  const close = async () => {
    const problem = await supervisor.close();
    if (problem !== undefined && !warnings.includes(problem)) warnings.push(problem);
  };
  const about = { name, version, ...(language === undefined ? {} : { language }) };
  return { ...about, offers, warnings, window, ...callsOf(supervisor), close };
}

type Calls = Pick<Implementation & ProcessExtras, 'run' | 'open' | 'act' | 'closeSession'>;

function callsOf(supervisor: Supervisor): Calls {
  const asks = asker(supervisor);
  return {
    run: async (component, input, seconds) => {
      const reply = await asks(
        component,
        () => ({ call: 'run', component, input: fieldsOf(input) }),
        seconds,
      );
      return 'answer' in reply ? readRun(reply.answer) : reply;
    },
    open: async (component, input, seconds) => {
      const reply = await asks(
        component,
        () => ({ call: 'open', component, input: fieldsOf(input) }),
        seconds,
      );
      if (!('answer' in reply)) return reply;
      const opened = readOpen(reply.answer);
      return 'session' in opened
        ? { session: { component, id: opened.session, life: reply.life } }
        : opened;
    },
    act: async ({ component, id, life }, action, input, seconds) => {
      const question = (): Question => ({
        call: 'do',
        session: id,
        action,
        input: fieldsOf(input),
      });
      const reply = await asks(component, question, seconds, life);
      return 'answer' in reply ? readRun(reply.answer) : reply;
    },
    closeSession: async ({ component, id, life }, seconds) => {
      const reply = await asks(component, () => ({ call: 'close', session: id }), seconds, life);
      return 'answer' in reply ? (readClose(reply.answer) ?? { closed: true }) : reply;
    },
  };
}

const fieldsOf = (input: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, toWire(value)]),
  );

type Reply = { readonly answer: object; readonly life: number } | Failure;

/** Asks, where the input can be written at all: what JSON cannot carry is no fault of the adapter's, nor a pass. */
const asker =
  (supervisor: Supervisor) =>
  async (name: Name, question: () => Question, seconds: number, life?: number): Promise<Reply> => {
    let line: string;
    try {
      line = JSON.stringify(question());
    } catch (error) {
      return { unsupported: `the input cannot be written in the protocol: ${String(error)}` };
    }
    return supervisor.ask(name, line, seconds, life);
  };
