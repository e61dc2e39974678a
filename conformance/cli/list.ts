import { levels } from '../../spec/component.ts';
import { greatestOf } from '../../spec/extremes.ts';
import { names, spec } from '../../spec/index.ts';
import type { Values } from './command.ts';
import { optionsOf } from './fields.ts';
import { exitStatus, type Io } from './io.ts';
import { definitions, widthOf } from './text.ts';

/** `touchstone list`. */
export async function list(
  { values }: { readonly values: Values },
  { stdout }: Io,
): Promise<number> {
  if (values.has('json')) {
    const entries = names.map((name) => ({
      name,
      family: spec[name].family,
      summary: spec[name].summary,
      options: optionsOf(name),
      levels,
      laws: Object.keys({ ...spec[name].laws, ...spec[name].trials }),
    }));
    stdout.write(`${JSON.stringify(entries, undefined, 2)}\n`);
    return exitStatus.passed;
  }
  const families = [...new Set(names.map((name) => spec[name].family))];
  const column = greatestOf(names.map((name) => name.length));
  for (const [index, family] of families.entries()) {
    const members = names.filter((name) => spec[name].family === family);
    stdout.write(`${index === 0 ? '' : '\n'}${family}\n`);
    stdout.write(
      definitions(
        members.map((name) => [name, spec[name].summary]),
        widthOf(stdout.columns),
        '  ',
        column + 2,
      ),
    );
  }
  return exitStatus.passed;
}
