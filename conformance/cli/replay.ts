import { existsSync, readFileSync, statSync } from 'node:fs';
import { replayToken } from '../check.ts';
import type { Implementation } from '../implementation.ts';
import { failureText } from '../report/failures.ts';
import { failureSchema, installedReportSchema, reportSchema } from '../report/schema.ts';
import { formatToken, parseToken, type Token } from '../token.ts';
import { timeoutRange } from './plan.ts';
import { exitStatus, type Io } from './io.ts';
import { invocationOf, optionsText, withImplementation, type Invocation } from './select.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { numberOf, type Values } from './values.ts';

interface Asked {
  readonly tokens: readonly Token[];
  /** What the report was made of. */
  readonly invocation?: Invocation;
}

const mostBytes = 64 * 2 ** 20;

/** `touchstone replay`. */
export async function replay(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const timeoutSeconds = numberOf(values, 'timeout', timeoutRange);
  const parts = asked(operands[0] ?? '')
    .filter(({ tokens }) => tokens.length > 0)
    .map(({ tokens, invocation }) => ({ tokens, invocation: invocationOf(values, invocation) }));
  if (parts.length === 0) {
    io.stdout.write('the report holds no failure\n');
    return exitStatus.passed;
  }
  const statuses: number[] = [];
  for (const part of parts) statuses.push(await replayAll(part, timeoutSeconds, io));
  return worstOf(statuses);
}

/** A defect that is still there comes first. */
const worstOf = (statuses: readonly number[]): number =>
  Math.max(...statuses.filter((status) => status === exitStatus.failed), 0) ||
  Math.max(...statuses);

const replayAll = (
  { tokens, invocation }: Required<Asked>,
  timeoutSeconds: number,
  io: Io,
): Promise<number> =>
  withImplementation(invocation, io, async (implementation) => {
    const statuses: number[] = [];
    for (const token of tokens)
      statuses.push(
        await replayOne(token, implementation, {
          timeoutSeconds,
          options: optionsText(invocation),
          io,
        }),
      );
    return worstOf(statuses);
  });

async function replayOne(
  token: Token,
  implementation: Implementation,
  {
    timeoutSeconds,
    options,
    io,
  }: { readonly timeoutSeconds: number; readonly options: string; readonly io: Io },
): Promise<number> {
  const text = formatToken(token);
  const outcome = await replayToken(token, implementation, timeoutSeconds);
  if ('failure' in outcome) {
    io.stdout.write(failureText(token.name, outcome.failure, options, widthOf(io.stdout.columns)));
    return outcome.failure.at === 'broken' ? exitStatus.broken : exitStatus.failed;
  }
  if (outcome.judged === 0) {
    io.stderr.write(
      `touchstone: ${text} was not judged: ${outcome.reason ?? 'it names no case here; a token holds for the options and the arithmetic of the implementation that it was made with'}\n`,
    );
    return exitStatus.broken;
  }
  io.stdout.write(`${text} passes now\n`);
  return exitStatus.passed;
}

/** @throws UsageError */
function asked(operand: string): readonly Asked[] {
  if (existsSync(operand)) return fromFile(operand);
  try {
    return [{ tokens: [parseToken(operand)] }];
  } catch (error) {
    throw new UsageError(
      `replay: ${operand} is no file and no token: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function fromFile(path: string): readonly Asked[] {
  const value = parsed(path);
  const report = reportSchema.safeParse(value);
  const tokenOf = (text: string) => {
    try {
      return parseToken(text);
    } catch (error) {
      throw new UsageError(
        `replay: ${path}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const installed = installedReportSchema.safeParse(value);
  if (report.success || installed.success) {
    const reports = report.success ? [report.data] : (installed.data?.reports ?? []);
    return reports.map(({ components, invocation }) => ({
      tokens: Object.values(components).flatMap(({ failures }) =>
        failures.map(({ replay: token }) => tokenOf(token)),
      ),
      invocation,
    }));
  }
  const failure = failureSchema.safeParse(value);
  if (failure.success) return [{ tokens: [tokenOf(failure.data.replay)] }];
  const [issue] = report.error.issues;
  throw new UsageError(
    `replay: ${path}: expected a report of touchstone check or one failure of one, got something else (${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'malformed'})`,
  );
}

function parsed(path: string): unknown {
  try {
    const { size } = statSync(path);
    if (size > mostBytes) throw new RangeError(`expected at most ${mostBytes} bytes, got ${size}`);
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `replay: ${path} could not be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
