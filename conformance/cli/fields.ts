import { spec, type Name } from '../../spec/index.ts';
import {
  defaultOf,
  descriptionOf,
  isOptional,
  optionOf,
  shapeOf,
  tensorFieldOf,
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

/** The fields of an object schema, in order. */
export const fieldsOf = (schema: unknown): readonly Field[] =>
  Object.entries(shapeOf(schema)).map(([name, field]) => {
    const tensor = tensorFieldOf(field);
    const option = optionOf(field);
    const preset: unknown = defaultOf(field);
    const said = descriptionOf(field);
    return {
      name,
      ...(tensor === undefined ? {} : { tensor: tensor.kind, shape: tensor.shape }),
      description:
        tensor !== undefined && said.startsWith(tensor.shape)
          ? said.slice(tensor.shape.length).trim()
          : said,
      optional: isOptional(field),
      ...(preset === undefined ? {} : { default: preset }),
      ...(option === undefined ? {} : { option }),
    };
  });

/** The options of a component with their values, the default first. */
export const optionsOf = (name: Name): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    fieldsOf(spec[name].input).flatMap((field) =>
      field.option === undefined ? [] : [[field.name, field.option]],
    ),
  );
