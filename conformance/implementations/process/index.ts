import { constants } from 'node:buffer';
import { spec, type Name } from '../../../spec/index.ts';
import type { Question } from '../../interface/protocol.ts';
import type { Answer, Implementation } from '../../interface/implementation.ts';
import {
  asSent,
  isScript,
  nothingSaved,
  type Request,
  type Script,
} from '../../interface/session.ts';
import { toWire } from '../../interface/wire.ts';
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
 * With `exec` before a simple command no shell stays in between, and signals are reported as such. POSIX only.
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
  const calls: Omit<Calls, 'run'> = {
    open: (component, input, seconds) => {
      const question = () => ({ call: 'open', component, input: fieldsOf(input) }) as const;
      return ask(supervisor, { component, question, seconds }, (raw, life) => {
        const opened = readOpen(raw);
        return 'session' in opened ? { session: { component, id: opened.session, life } } : opened;
      });
    },
    act: ({ component, id: session, life }, action, input, seconds) => {
      const question = () => ({ call: 'do', session, action, input: fieldsOf(input) }) as const;
      return ask(supervisor, { component, question, seconds, life }, readRun);
    },
    closeSession: ({ component, id: session, life }, seconds) => {
      const question = () => ({ call: 'close', session }) as const;
      const read = (raw: object) => readClose(raw) ?? { closed: true as const };
      return ask(supervisor, { component, question, seconds, life }, read);
    },
  };
  return {
    ...calls,
    run: (component, input, seconds) => {
      if (spec[component].session !== undefined && isScript(input))
        return play(calls, component, input, seconds);
      const question = () => ({ call: 'run', component, input: fieldsOf(input) }) as const;
      return ask(supervisor, { component, question, seconds }, readRun);
    },
  };
}

/**
 * Puts a script to a session of its own, request by request. One that brings no output is the answer to all of it, except that a stepwise
 * session goes on after a rejection, and after what is unsupported.
 */
async function play(
  { open, act, closeSession }: Omit<Calls, 'run'>,
  component: Name,
  script: Script<object, Request>,
  seconds: number,
): Promise<Answer> {
  const opened = await open(component, script.open, seconds);
  if (!('session' in opened)) return opened;
  const answers: object[] = [];
  const goesOn = spec[component].session === 'stepwise';
  for (const request of script.actions) {
    const sent = asSent(request, answers);
    const answer =
      sent === undefined
        ? nothingSaved
        : await act(opened.session, sent.action, sent.input, seconds);
    if (goesOn && 'reject' in answer) answers.push({ rejected: answer.reject });
    else if (goesOn && 'unsupported' in answer) answers.push(answer);
    else if (!('output' in answer)) {
      if (!('broken' in answer)) await closeSession(opened.session, seconds);
      return answer;
    } else answers.push(Object(answer.output));
  }
  const closed = await closeSession(opened.session, seconds);
  return 'closed' in closed ? { output: { answers } } : closed;
}

const fieldsOf = (input: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).map(([key, value]) => [key, toWire(value)]));

interface Asking {
  readonly component: Name;
  readonly question: () => Question;
  readonly seconds: number;
  readonly life?: number;
}

/** Asks, where the input can be written at all: what JSON cannot carry is no fault of the adapter's, nor a pass. */
async function ask<T>(
  supervisor: Supervisor,
  { component, question, seconds, life }: Asking,
  read: (raw: object, life: number) => T,
): Promise<T | Failure> {
  let line: string;
  try {
    line = JSON.stringify(question());
  } catch (error) {
    return { unsupported: `the input cannot be written in the protocol: ${String(error)}` };
  }
  const reply = await supervisor.ask(component, line, seconds, life);
  return 'answer' in reply ? read(reply.answer, reply.life) : reply;
}
