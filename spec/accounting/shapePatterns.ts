import { isName, names, spec, type Name } from '../index.ts';
import { isOptional, isTensor, optionOf, shapeOf, tensorFieldOf } from '../schema.ts';
import {
  broadcasts,
  instantiate,
  noDimensions,
  parsePattern,
  unify,
  type Dimensions,
} from '../shape.ts';

/** Shapes by field. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** A field of a component that holds a tensor. */
export interface Patterned {
  readonly field: string;
  readonly pattern: string;
  readonly broadcast: boolean;
  readonly required: boolean;
}

const patternsIn = (schema: unknown): readonly Patterned[] =>
  Object.entries(shapeOf(schema)).flatMap(([field, part]) => {
    const held = tensorFieldOf(part);
    return held === undefined
      ? []
      : [{ field, pattern: held.shape, broadcast: held.broadcast, required: !isOptional(part) }];
  });

export const inputPatterns = (name: Name): readonly Patterned[] => patternsIn(spec[name].input);
export const outputPatterns = (name: Name): readonly Patterned[] => patternsIn(spec[name].output);

/** The letters of a pattern, '...' among them. */
export const lettersOf = (pattern: string): readonly string[] =>
  parsePattern(pattern).flatMap((axis) =>
    axis.kind === 'letter' ? [axis.name] : axis.kind === 'rest' ? ['...'] : [],
  );

/** Whether a component takes tensors and its outputs are tensors only, each axis of which has the length of an axis of a tensor that it must be given. */
export function isCovered(name: Name): boolean {
  const outputs = outputPatterns(name);
  const given = new Set(
    inputPatterns(name).flatMap(({ required, broadcast, pattern }) =>
      required && !broadcast ? lettersOf(pattern) : [],
    ),
  );
  return (
    inputPatterns(name).length > 0 &&
    outputs.length > 0 &&
    outputs.length === Object.keys(shapeOf(spec[name].output)).length &&
    outputs.every(
      ({ required, pattern }) =>
        required && lettersOf(pattern).every((letter) => given.has(letter)),
    )
  );
}

/** Every component whose output shapes follow from its input shapes. */
export const coveredNames = (): readonly Name[] => names.filter(isCovered);

/** What disagrees in the shapes of a component's inputs, or nothing; the lengths that were found go into `known`. */
export function disagreement(name: Name, shapes: Shapes, known: Dimensions): string | undefined {
  const patterns = inputPatterns(name);
  const unknown = Object.keys(shapes).find((field) => !patterns.some((one) => one.field === field));
  if (unknown !== undefined) return `${unknown}: expected the name of a tensor that ${name} takes`;
  const missing = patterns.find(({ field, required }) => required && shapes[field] === undefined);
  if (missing !== undefined)
    return `${missing.field}: expected a shape ${missing.pattern}, got nothing`;
  for (const broadcast of [false, true])
    for (const { field, pattern } of patterns.filter((one) => one.broadcast === broadcast)) {
      const shape = shapes[field];
      const problem =
        shape === undefined ? undefined : (broadcast ? broadcasts : unify)(pattern, shape, known);
      if (problem !== undefined) return `${field}: ${problem}`;
    }
  return undefined;
}

/** What is wrong with a question for output shapes, or nothing. */
export function problemOf(component: string, shapes: Shapes): string | undefined {
  if (!isName(component) || !isCovered(component))
    return `component: expected one whose output shapes follow from its input shapes, got ${component}`;
  return disagreement(component, shapes, noDimensions());
}

/**
 * The shapes of a component's outputs, by field.
 *
 * @throws RangeError when the shapes of its inputs disagree
 */
export function derivedShapes(name: Name, shapes: Shapes): Shapes {
  const known = noDimensions();
  const problem = disagreement(name, shapes, known);
  if (problem !== undefined) throw new RangeError(`${name}.${problem}`);
  return Object.fromEntries(
    outputPatterns(name).map(({ field, pattern }) => [field, instantiate(pattern, known) ?? []]),
  );
}

/** The default of every option of a component. */
export const defaultOptions = (name: Name): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(shapeOf(spec[name].input)).flatMap(([field, schema]) => {
      const [first] = optionOf(schema) ?? [];
      return first === undefined ? [] : [[field, first]];
    }),
  );

/** The shapes of the tensors in an input. */
export const shapesIn = (input: object): Shapes =>
  Object.fromEntries(
    Object.entries(input).flatMap(([field, value]) =>
      isTensor(value) ? [[field, value.shape]] : [],
    ),
  );
