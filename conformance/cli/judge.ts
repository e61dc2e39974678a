import { readFileSync } from 'node:fs';
import type { Name } from '../../spec/index.ts';
import { numericsSchema, type DeclaredNumerics } from '../../spec/numerics.ts';
import type { FloatDtype } from '../../spec/tensor.ts';
import { parseJson } from '../interface/json.ts';
import { assembled, storageIn, type Given } from '../recorded/assemble.ts';
import { judgeRecord, type JudgedRecord } from '../recorded/judged.ts';
import { endingOf } from '../recorded/recording.ts';
import { writtenAs } from '../recorded/write.ts';
import { writeWhole } from '../report/write.ts';
import { defaultRecordBudget } from '../sizes/cost.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { judgedJson, judgedText, type Told } from './judgedText.ts';
import { mayWrite } from './merge.ts';
import { seedRange } from './plan.ts';
import { asUsage, given, inputIn, namingOf, sorted } from './recordings.ts';
import { componentOf } from './select.ts';
import { budgetRange } from './shapes.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { numberOf, textOf, textsOf } from './values.ts';

/** `touchstone judge`. */
export async function judge(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const name = componentOf(operands[0] ?? '');
  const settings = {
    budget: numberOf(values, 'budget', { ...budgetRange, fallback: defaultRecordBudget }),
    seed: numberOf(values, 'seed', seedRange),
    strict: values.has('strict'),
  };
  const numerics = declaredIn(textOf(values, 'numerics'));
  const target = textOf(values, 'export');
  if (target !== undefined) await exportTarget(target, values.has('force'));
  const found = await sorted(name, await filesOf(values), namingOf(values));
  const { input, storage } = await inputIn(name, found, textsOf(values, 'input'));
  const declared: DeclaredNumerics = {
    ...numerics,
    storage: numerics.storage ?? storageIn(found.output) ?? storage ?? 'float32',
  };
  const output = await outputIn(name, found.output, declared.storage ?? 'float32');
  const judged = judgeRecord(name, input, output, declared, settings);
  const exported = target === undefined ? undefined : exportPart(target, judged, input, output);
  const told: Told = { name, judged, input, output, declared, exported };
  io.stdout.write(
    values.has('json')
      ? `${JSON.stringify(judgedJson(told), undefined, 2)}\n`
      : judgedText(told, widthOf(io.stdout.columns)),
  );
  return statusOf(judged);
}

const statusOf = ({ verdict }: JudgedRecord): number =>
  verdict === 'pass'
    ? exitStatus.passed
    : verdict === 'unsupported'
      ? exitStatus.broken
      : exitStatus.failed;

/** @throws UsageError */
function filesOf(values: Values): Promise<readonly Given[]> {
  const [inputs, outputs] = [textsOf(values, 'input'), textsOf(values, 'output')];
  if (inputs.length === 0)
    throw new UsageError('judge: expected --input FILE, got nothing; see touchstone help judge');
  const isBoth = outputs.length === 0;
  return asUsage(async () => [
    ...(await Promise.all(
      inputs.map((path) => given(path, isBoth ? ['input', 'output'] : ['input'])),
    )),
    ...(await Promise.all(outputs.map((path) => given(path, ['output'])))),
  ]);
}

const outputIn = (
  name: Name,
  values: ReadonlyMap<string, unknown>,
  storage: FloatDtype,
): Promise<object> => asUsage(() => assembled(name, 'output', values, storage));

/**
 * What is declared: JSON, or a file of it.
 *
 * @throws UsageError
 */
function declaredIn(text: string | undefined): DeclaredNumerics {
  if (text === undefined) return {};
  const value = declarationOf(text);
  const parsed = numericsSchema.safeParse(value);
  if (parsed.success && typeof value === 'object' && value !== null) return value;
  const [issue] = parsed.error?.issues ?? [];
  const place = (issue?.path ?? []).map((key) => `${String(key)}: `).join('');
  throw new UsageError(`--numerics: ${place}${issue?.message ?? 'malformed'}`);
}

function declarationOf(text: string): unknown {
  const isJson = text.trimStart().startsWith('{');
  try {
    return parseJson(isJson ? text : readFileSync(text, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(', ')[0] ?? '') : String(error);
    throw new UsageError(`--numerics: expected JSON, or a file of it, got ${text}: ${reason}`);
  }
}

/** @throws UsageError where nothing can be written there */
async function exportTarget(path: string, force: boolean): Promise<void> {
  const ending = await asUsage(() => endingOf(path));
  if (ending === 'npy')
    throw new UsageError(
      `--export: expected .safetensors, .npz or .json, got ${path}: a .npy holds one tensor`,
    );
  mayWrite('export', path, force);
}

/** Writes what is wrong: the part, or the whole where there are none. Names that the input and the output share get the side before them. */
function exportPart(
  path: string,
  judged: JudgedRecord,
  input: object,
  output: object,
): string | undefined {
  if (judged.verdict !== 'fail') return undefined;
  const own = judged.part?.input ?? input;
  const answer = judged.part?.answer ?? output;
  const answered = typeof answer === 'object' && answer !== null ? answer : output;
  const isShared = Object.keys(answered).some((field) => Object.hasOwn(own, field));
  const fields = isShared ? { input: own, output: answered } : { ...own, ...answered };
  writeWhole(path, writtenAs(endingOf(path), fields));
  return path;
}
