import { spec, type Name } from '../../spec/index.ts';
import { floatDtypes, integerDtypes } from '../../spec/tensor.ts';
import { sides, type Side } from '../recorded/assemble.ts';
import { recordedEndings } from '../recorded/recording.ts';
import { fieldsOf, type Field } from './fields.ts';

/** How a tensor is called in a file, and what it is of. */
export interface RecordedField {
  readonly side: Side;
  readonly name: string;
  readonly dtypes: readonly string[];
  readonly shape: string;
  readonly optional: boolean;
}

const dtypesOf = { float: floatDtypes, integer: integerDtypes, bool: ['bool'] } as const;

/** [] is any item of a list: its number stands in the name. */
const inFile = (name: string): string => name.replaceAll('[]', '.0');

const recordedIn = (
  side: Side,
  { name, tensor, shape, optional }: Field,
): readonly RecordedField[] =>
  tensor === undefined || shape === undefined
    ? []
    : [{ side, name: inFile(name), dtypes: dtypesOf[tensor], shape, optional }];

/** What a file of recorded tensors holds of a component. */
export function filesOf(name: Name): {
  readonly endings: readonly string[];
  readonly tensors: readonly RecordedField[];
  readonly others: readonly string[];
} {
  const inputs = fieldsOf(spec[name].input);
  return {
    endings: recordedEndings,
    tensors: sides.flatMap((side) =>
      fieldsOf(spec[name][side]).flatMap((field) => recordedIn(side, field)),
    ),
    others: inputs.flatMap((field) =>
      field.tensor === undefined && !/[[(.]/.test(field.name) ? [field.name] : [],
    ),
  };
}

/** The same in words. */
export function filesText(name: Name): {
  readonly entries: readonly (readonly [string, string])[];
  readonly about: string;
} {
  const { endings, tensors, others } = filesOf(name);
  const entries = tensors.map(
    ({ side, name: field, dtypes, shape, optional }) =>
      [
        field,
        `${side}, ${dtypes.length === 1 ? dtypes[0] : `${dtypes.slice(0, -1).join(', ')} or ${dtypes.at(-1)}`} ${shape}${optional ? '; may be left out' : ''}`,
      ] as const,
  );
  const rest =
    others.length === 0
      ? ''
      : ` No tensors: ${others.join(', ')}; --set FIELD=VALUE gives them, or a scalar of a .npz, or a text in the metadata of a .safetensors.`;
  return {
    entries,
    about: `touchstone judge ${name} takes files that end in .${endings.join(', .')}, with tensors of these names.${rest}`,
  };
}
