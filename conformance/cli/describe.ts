import { spec, type Name } from '../../spec/index.ts';
import { show } from '../../spec/schema.ts';
import { toWire } from '../interface/wire.ts';
import type { Values } from './command.ts';
import { filesOf, filesText } from './describeFiles.ts';
import { fieldsOf, optionsOf, type Field } from './fields.ts';
import { exitStatus, type Io } from './io.ts';
import { componentOf } from './select.ts';
import { definitions, widthOf, wrap } from './text.ts';

/** `touchstone describe`. */
export async function describe(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  { stdout }: Io,
): Promise<number> {
  const name = componentOf(operands[0] ?? '');
  stdout.write(
    values.has('json')
      ? `${JSON.stringify(described(name), undefined, 2)}\n`
      : page(name, widthOf(stdout.columns)),
  );
  return exitStatus.passed;
}

const described = (name: Name): object => {
  const {
    family,
    summary,
    formula,
    source,
    domain,
    input,
    output,
    laws,
    trials,
    invalid,
    boundSource,
    examples,
  } = spec[name];
  return {
    name,
    family,
    summary,
    formula,
    source,
    domain,
    input: fieldsOf(input),
    output: fieldsOf(output),
    axes: Object.fromEntries(axesOf(name)),
    files: filesOf(name),
    options: optionsOf(name),
    laws: Object.keys({ ...laws, ...trials }),
    rejects: Object.keys(invalid),
    bound: boundSource,
    examples: examples.map(({ id, why, flags, input: given }) => ({
      id,
      why,
      flags,
      input: toWire(given, 'readable'),
    })),
  };
};

/** The axes that --shape takes, and what they are. */
const axesOf = (name: Name): readonly (readonly [string, string])[] =>
  Object.entries(spec[name].sized?.axes ?? {}).map(([axis, { about }]) => [axis, about]);

function fieldText({
  tensor,
  shape,
  description,
  optional,
  default: preset,
  option,
}: Field): string {
  const kind = tensor === undefined ? '' : `${tensor} ${shape}: `;
  const values = option === undefined ? '' : `; an option: ${option.join(', ')}`;
  const otherwise =
    preset === undefined
      ? optional
        ? '; may be left out'
        : ''
      : `; default ${typeof preset === 'string' ? preset : show(preset)}`;
  return `${kind}${description}${values}${otherwise}`;
}

function page(name: Name, width: number): string {
  const {
    family,
    summary,
    formula,
    source,
    domain,
    input,
    output,
    laws,
    trials,
    invalid,
    boundSource,
    examples,
  } = spec[name];
  const section = (title: string, body: string) => `\n${title}\n${body}`;
  const paragraph = (text: string) => `${wrap(text, width, '  ')}\n`;
  const bullets = (lines: readonly string[]) =>
    lines.map((line) => `  · ${wrap(line, width, '    ').trimStart()}\n`).join('');
  const fields = (schema: unknown) =>
    definitions(
      fieldsOf(schema).map((field) => [field.name, fieldText(field)]),
      width,
    );
  const axes = axesOf(name);
  const files = filesText(name);
  return [
    `${wrap(`${name} (${family}): ${summary}`, width)}\n`,
    section('Formula', `  ${formula}\n`),
    section('Source', paragraph(source)),
    section('Input', fields(input)),
    section('Output', fields(output)),
    axes.length === 0 ? '' : section('Axes', definitions(axes, width)),
    section('Files', `${definitions(files.entries, width)}${paragraph(files.about)}`),
    section('Domain', paragraph(domain)),
    section('Laws', bullets(Object.keys({ ...laws, ...trials }))),
    section('Rejects', bullets(Object.keys(invalid))),
    section('Error bound', paragraph(boundSource)),
    section(
      'Golden vectors',
      definitions(
        examples.map(({ id, why }) => [id, why]),
        width,
      ),
    ),
  ].join('');
}
