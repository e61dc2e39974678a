import { z } from 'zod';
import { spec, type Name } from '../../spec/index.ts';
import {
  defaultOf,
  descriptionOf,
  isOptional,
  optionOf,
  shapeOf,
  tensorFieldOf,
  unwrap,
} from '../../spec/schema.ts';

/** What is known of a field of an input or an output. */
export interface Field {
  readonly name: string;
  /** Of a tensor: what it holds, and its shape. */
  readonly tensor?: 'float' | 'integer' | 'bool';
  readonly shape?: string;
  readonly description: string;
  readonly optional: boolean;
  readonly default?: unknown;
  /** Where implementations may differ: the values, the default first. */
  readonly option?: readonly string[];
}

function fieldOf(name: string, schema: unknown): Field {
  const tensor = tensorFieldOf(schema);
  const option = optionOf(schema);
  const preset: unknown = defaultOf(schema);
  const literal = schema instanceof z.ZodLiteral ? [...schema.values].join(', ') : '';
  const said = descriptionOf(schema) || literal;
  return {
    name,
    ...(tensor === undefined ? {} : { tensor: tensor.kind, shape: tensor.shape }),
    description:
      tensor !== undefined && said.startsWith(tensor.shape)
        ? said.slice(tensor.shape.length).trim()
        : said,
    optional: isOptional(schema),
    ...(preset === undefined ? {} : { default: preset }),
    ...(option === undefined ? {} : { option }),
  };
}

/** The word that tells an object of a union from the others: actions[search], architecture(gpt). */
function variant(name: string, schema: unknown): string {
  const [tag] = Object.values(shapeOf(schema)).filter((field) => field instanceof z.ZodLiteral);
  const value = tag === undefined ? '' : [...tag.values].join(', ');
  return name.endsWith('[]') ? `${name.slice(0, -1)}${value}]` : `${name}(${value})`;
}

/** The fields of each object of a union, without the one that tells them apart. */
const variantsIn = (
  name: string,
  options: readonly unknown[],
  shown: Map<unknown, string>,
): readonly Field[] =>
  options.flatMap((one) => {
    const fields = Object.entries(shapeOf(one)).filter(
      ([, held]) => !(held instanceof z.ZodLiteral),
    );
    return fields.flatMap(([part, held]) => fieldsIn(`${variant(name, one)}.${part}`, held, shown));
  });

/** A field and what is in it, by path. What was shown before is not shown again. */
function fieldsIn(name: string, schema: unknown, shown: Map<unknown, string>): readonly Field[] {
  const own = fieldOf(name, schema);
  const inner = unwrap(schema);
  const before = shown.get(inner);
  if (before !== undefined) return [{ ...own, description: `as ${before}` }];
  const parts =
    inner instanceof z.ZodArray
      ? fieldsIn(`${name}[]`, inner.element, shown)
      : inner instanceof z.ZodUnion
        ? variantsIn(name, inner.options, shown)
        : Object.entries(shapeOf(inner)).flatMap(([part, held]) =>
            fieldsIn(`${name}.${part}`, held, shown),
          );
  if (inner instanceof z.ZodObject && parts.length > 0) shown.set(inner, name);
  const isPlainItem = name.endsWith('[]') && own.tensor === undefined;
  const saysNothing = own.description === '' && (parts.length > 0 || isPlainItem);
  return saysNothing ? parts : [own, ...parts];
}

/** The fields of an object schema, in order; those of objects and lists in it by their path, in which [] is any item. */
export function fieldsOf(schema: unknown): readonly Field[] {
  const shown = new Map<unknown, string>();
  return Object.entries(shapeOf(schema)).flatMap(([name, field]) => fieldsIn(name, field, shown));
}

/** The options of a component with their values, the default first. */
export const optionsOf = (name: Name): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    fieldsOf(spec[name].input).flatMap((field) =>
      field.option === undefined ? [] : [[field.name, field.option]],
    ),
  );
