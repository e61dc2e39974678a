import { spec, type Input, type Name } from '../../spec/index.ts';
import type { FloatDtype } from '../../spec/tensor.ts';
import { MalformedFile } from '../data/malformedFile.ts';
import {
  assembled,
  sortedValues,
  storageIn,
  type Given,
  type Naming,
  type Side,
  type Sorted,
} from '../recorded/assemble.ts';
import type { RecordedInput, RecordedInputs } from '../recorded/inputs.ts';
import { openRecording } from '../recorded/recording.ts';
import type { Values } from './command.ts';
import { quoted } from './text.ts';
import { UsageError } from './usage.ts';
import { textsOf } from './values.ts';

/** What is wrong with a file is a mistake in the call. */
export async function asUsage<T>(body: () => Promise<T> | T): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof MalformedFile) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError */
function pairsOf(values: Values, option: string, form: string): ReadonlyMap<string, string> {
  const pairs = textsOf(values, option).map((text) => {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === '' || value === '')
      throw new UsageError(`--${option}: expected ${form}, got ${text}`);
    return [key, value] as const;
  });
  const twice = pairs.find(([key], i) => pairs.findIndex(([other]) => other === key) !== i);
  if (twice !== undefined)
    throw new UsageError(`--${option} ${twice[0]}: expected once, got it twice`);
  return new Map(pairs);
}

/** What files call the fields of a component, and the fields that no file holds. */
export const namingOf = (values: Values, takesOptions = true): Naming => ({
  map: pairsOf(values, 'map', 'FIELD=NAME, the name in the file'),
  set: new Map([
    ...(takesOptions ? pairsOf(values, 'option', 'FIELD=VALUE') : []),
    ...pairsOf(values, 'set', 'FIELD=VALUE'),
  ]),
});

/** A file of tensors, of which some sides are taken. */
export const given = async (path: string, sides: readonly Side[]): Promise<Given> => ({
  recording: await openRecording(path),
  sides,
});

/** What files hold of a component, by path. */
export const sorted = (name: Name, all: readonly Given[], naming: Naming): Promise<Sorted> =>
  asUsage(() => sortedValues(name, all, naming));

/**
 * The input that files hold.
 *
 * @throws UsageError where it is none of the component
 */
export async function inputIn<N extends Name>(
  name: N,
  values: Sorted,
  paths: readonly string[],
): Promise<{ readonly input: Input<N> & object; readonly storage: FloatDtype | undefined }> {
  const storage = storageIn(values.input);
  const raw = await asUsage(() => assembled(name, 'input', values.input, storage ?? 'float32'));
  const parsed = spec[name].input.safeParse(raw);
  if (parsed.success) return { input: parsed.data, storage };
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${[name, ...path].join('.')}: ${message}`,
  );
  throw new UsageError(
    `--input: ${paths.join(', ')}: ${problems.join('; ')}; touchstone describe ${name} tells what it takes`,
  );
}

/**
 * Inputs from files for `check`, each file a case.
 *
 * @throws UsageError
 */
export async function recordedInputs(
  values: Values,
  asked: readonly Name[],
  isByName: boolean,
): Promise<RecordedInputs | undefined> {
  const paths = textsOf(values, 'input');
  if (paths.length === 0) {
    const other = ['only-input', 'map', 'set'].find((option) => values.has(option));
    if (other === undefined) return undefined;
    throw new UsageError(`--${other}: expected --input besides, got none`);
  }
  const [name, ...others] = asked;
  if (!isByName || name === undefined || others.length > 0)
    throw new UsageError(
      `--input: expected one component, whose input it is, got ${isByName ? asked.join(', ') : 'none'}`,
    );
  if (values.has('shape'))
    throw new UsageError('--input and --shape: expected one of the two, got both');
  const naming = namingOf(values, false);
  const inputs: RecordedInput[] = [];
  for (const path of paths) {
    const file = await asUsage(() => given(path, ['input']));
    const { input } = await inputIn(name, await sorted(name, [file], naming), [path]);
    inputs.push({ path, input, again: againOf(name, path, values) });
  }
  return { inputs, isAll: values.has('only-input') };
}

/** 'check softmax --input 'x.npz' --only-input'. */
const againOf = (name: Name, path: string, values: Values): string =>
  [
    `check ${name} --input ${quoted(path)}`,
    ...['map', 'set'].flatMap((option) =>
      textsOf(values, option).map((text) => `--${option} ${quoted(text)}`),
    ),
    '--only-input',
  ].join(' ');
