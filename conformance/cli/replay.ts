import { existsSync, statSync } from 'node:fs';
import { greatestOf } from '../../spec/extremes.ts';
import type { Name } from '../../spec/index.ts';
import { replayToken, type Replayed } from '../checking/check.ts';
import { readCase, readCorpus } from '../corpus/folder.ts';
import { replayKept } from '../corpus/replay.ts';
import type { CorpusCase } from '../corpus/schema.ts';
import type { Implementation } from '../interface/implementation.ts';
import { failureText, isCall } from '../report/failures.ts';
import { readJson } from '../report/read.ts';
import { failureSchema, installedReportSchema, reportSchema } from '../report/schema.ts';
import { formatToken, parseToken, type Token } from '../checking/token.ts';
import type { Values } from './command.ts';
import { timeoutRange } from './plan.ts';
import { exitStatus, type Io } from './io.ts';
import { invocationOf, optionsText, withImplementation, type Invocation } from './select.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { numberOf } from './values.ts';

/** What a case is called, whose it is, and how it is run again. */
interface Case {
  readonly text: string;
  readonly name: Name;
  readonly again: (implementation: Implementation, timeoutSeconds: number) => Promise<Replayed>;
}

interface Asked {
  readonly cases: readonly Case[];
  /** What the report was made of, or what failed on the case. */
  readonly invocation?: Invocation;
  /** Why a file of a folder could not be taken. */
  readonly refused?: string;
}

/** `touchstone replay`. */
export async function replay(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const timeoutSeconds = numberOf(values, 'timeout', timeoutRange);
  const all = asked(operands[0], io);
  const refused = all.flatMap((one) => one.refused ?? []);
  for (const reason of refused) io.stderr.write(`touchstone: ${reason}\n`);
  const parts = all
    .filter(({ cases }) => cases.length > 0)
    .map(({ cases, invocation }) => ({ cases, invocation: invocationOf(values, invocation) }));
  if (parts.length + refused.length === 0) {
    io.stdout.write(`${operands[0] ?? io.corpus} holds no failure\n`);
    return exitStatus.passed;
  }
  const statuses: number[] = refused.map(() => exitStatus.usage);
  for (const part of parts) statuses.push(await replayAll(part, timeoutSeconds, io));
  return worstOf(statuses);
}

/** A defect that is still there comes first. */
const worstOf = (statuses: readonly number[]): number =>
  Math.max(greatestOf(statuses.filter((status) => status === exitStatus.failed)), 0) ||
  greatestOf(statuses);

const replayAll = (
  { cases, invocation }: Required<Pick<Asked, 'cases' | 'invocation'>>,
  timeoutSeconds: number,
  io: Io,
): Promise<number> =>
  withImplementation(invocation, io, async (implementation) => {
    const statuses: number[] = [];
    for (const one of cases)
      statuses.push(
        await replayOne(one, implementation, {
          timeoutSeconds,
          options: optionsText(invocation),
          io,
        }),
      );
    return worstOf(statuses);
  });

async function replayOne(
  { text, name, again }: Case,
  implementation: Implementation,
  {
    timeoutSeconds,
    options,
    io,
  }: { readonly timeoutSeconds: number; readonly options: string; readonly io: Io },
): Promise<number> {
  const outcome = await again(implementation, timeoutSeconds);
  if ('failure' in outcome) {
    io.stdout.write(failureText(name, outcome.failure, options, widthOf(io.stdout.columns)));
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

const ofToken = (token: Token): Case => ({
  text: formatToken(token),
  name: token.name,
  again: (implementation, timeoutSeconds) => replayToken(token, implementation, timeoutSeconds),
});

const ofKept = (one: CorpusCase): Case => ({
  text: one.file,
  name: one.component,
  again: (implementation, timeoutSeconds) => replayKept(one, implementation, timeoutSeconds),
});

/** What a folder holds, by what failed on it. */
function fromCorpus(folder: string): readonly Asked[] {
  const { cases, refused } = readCorpus(folder);
  const makers = new Map(cases.map(({ invocation }) => [JSON.stringify(invocation), invocation]));
  return [
    ...refused.map((reason) => ({ cases: [], refused: reason })),
    ...[...makers].map(([key, invocation]) => ({
      cases: cases.filter((one) => JSON.stringify(one.invocation) === key).map(ofKept),
      invocation,
    })),
  ];
}

/** @throws UsageError for a folder without any: it is not the one that was meant */
function fromFolder(folder: string): readonly Asked[] {
  const found = fromCorpus(folder);
  if (found.length > 0) return found;
  throw new UsageError(
    `replay: ${folder}: expected a folder of the corpus, got one without a case`,
  );
}

/** @throws UsageError */
function asked(operand: string | undefined, io: Io): readonly Asked[] {
  if (operand === undefined) return fromCorpus(io.corpus);
  if (existsSync(operand))
    return statSync(operand).isDirectory() ? fromFolder(operand) : fromFile(operand);
  try {
    return [{ cases: [ofToken(parseToken(operand))] }];
  } catch (error) {
    throw new UsageError(
      `replay: ${operand} is no file and no token: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function fromFile(path: string): readonly Asked[] {
  const value = parsed(path);
  if (typeof value === 'object' && value !== null && 'corpus' in value) {
    const one = keptIn(path);
    return [{ cases: [ofKept(one)], invocation: one.invocation }];
  }
  const report = reportSchema.safeParse(value);
  const tokenOf = (text: string) => {
    try {
      return ofToken(parseToken(text));
    } catch (error) {
      throw new UsageError(
        `replay: ${path}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const installed = installedReportSchema.safeParse(value);
  if (report.success || installed.success) {
    const reports = report.success ? [report.data] : (installed.data?.reports ?? []);
    return reports.flatMap(({ components, invocation }) => {
      const tokens = Object.values(components).flatMap(({ failures }) =>
        failures.map(({ replay: token }) => token),
      );
      const calls = tokens.filter(isCall).map((call) => ({
        cases: [],
        refused: `recorded inputs are put again by touchstone ${call} ${optionsText(invocation)}`,
      }));
      const cases = tokens
        .filter((token) => !isCall(token))
        .map((token) => (token.endsWith('.json') ? ofKept(keptIn(token)) : tokenOf(token)));
      return [{ cases, invocation }, ...calls];
    });
  }
  const failure = failureSchema.safeParse(value);
  if (failure.success) return [{ cases: [tokenOf(failure.data.replay)] }];
  const [issue] = report.error.issues;
  throw new UsageError(
    `replay: ${path}: expected a report of touchstone check or one failure of one, got something else (${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'malformed'})`,
  );
}

/** @throws UsageError */
function keptIn(path: string): CorpusCase {
  try {
    return readCase(path);
  } catch (error) {
    throw new UsageError(`replay: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws UsageError */
function parsed(path: string): unknown {
  try {
    return readJson(path);
  } catch (error) {
    throw new UsageError(`replay: ${error instanceof Error ? error.message : String(error)}`);
  }
}
