import type { z } from 'zod';
import { answerSchemas } from '../../interface/protocol.ts';
import { show } from '../../../spec/schema.ts';
import type { Answer } from '../../interface/implementation.ts';
import { fromWire } from '../../interface/wire.ts';

/** What became of a request that brought no result. */
export type Failure = Exclude<Answer, { readonly output: unknown }>;
type Broken = Extract<Failure, { readonly broken: string }>;

/** The answer to `run` or `do`. Whether the output is the right one, or of the right form at all, is for the judge to say. */
export function readRun(raw: object): Answer {
  const answer = parse(answerSchemas.run, 'output', raw);
  if ('broken' in answer) return answer;
  return 'output' in answer ? decode(answer.output) : failureOf(answer);
}

/** The answer to `open`: the session's name. */
export function readOpen(raw: object): { readonly session: string } | Failure {
  const answer = parse(answerSchemas.open, 'session', raw);
  if ('broken' in answer) return answer;
  return 'session' in answer ? { session: answer.session } : failureOf(answer);
}

/** The answer to `close`: nothing where all is well. */
export function readClose(raw: object): Failure | undefined {
  const answer = parse(answerSchemas.close, undefined, raw);
  if ('broken' in answer) return answer;
  return Object.keys(answer).length === 1 ? undefined : failureOf(answer);
}

const failureFields = ['reject', 'unsupported', 'error'];

function parse<T extends object>(
  schema: z.ZodType<T>,
  result: string | undefined,
  raw: object,
): T | Broken {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const allowed = result === undefined ? failureFields : [result, ...failureFields];
  const [field, ...others] = Object.entries(raw).filter(([name]) => name !== 'id');
  const [name, value] = field ?? ['', undefined];
  if (others.length > 0 || !allowed.includes(name)) {
    const expected = `${result === undefined ? 'at most' : 'exactly'} one of ${allowed.join(', ')} besides the id`;
    const got =
      Object.keys(raw)
        .filter((key) => key !== 'id')
        .join(', ') || 'none';
    return { broken: `the answer is none: expected ${expected}, got ${got}`, phase: 'run' };
  }
  const kind = name === 'output' ? 'an object of the fields that the catalogue names' : 'a text';
  const phase = name === 'output' ? 'output' : 'run';
  return { broken: `${name}: expected ${kind}, got ${show(value)}`, phase };
}

function failureOf(answer: object): Failure {
  if ('reject' in answer) return { reject: String(answer.reject) };
  if ('unsupported' in answer) return { unsupported: String(answer.unsupported) };
  return { error: 'error' in answer ? String(answer.error) : '' };
}

/** Reads the tensors of an output. One that cannot be read, or is nested beyond reason, breaks the case. */
function decode(output: Readonly<Record<string, unknown>>): Answer {
  const decoded: [string, unknown][] = [];
  for (const [field, value] of Object.entries(output))
    try {
      decoded.push([field, fromWire(value)]);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { broken: `output.${field}: ${problem}`, phase: 'output' };
    }
  return { output: Object.fromEntries(decoded) };
}
