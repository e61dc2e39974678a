import { z } from 'zod';
import { shapeOf, tensorFieldOf, unwrap } from '../../spec/schema.ts';

/** What a field of a schema holds, by its path: 'weights.layers.0.gain'; nothing where there is none. */
export function schemaAt(schema: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray)
    return /^\d+$/.test(step) ? schemaAt(inner.element, rest) : undefined;
  if (inner instanceof z.ZodUnion)
    return inner.options
      .map((option) => schemaAt(option, path))
      .find((found) => found !== undefined);
  const shape = shapeOf(inner);
  return Object.hasOwn(shape, step) ? schemaAt(shape[step], rest) : undefined;
}

export const stepsOf = (name: string): readonly string[] => name.split('.');

/** The names of the tensors at the top of a schema, those that may be left out besides. */
export const tensorsOf = (schema: unknown): readonly string[] =>
  Object.entries(shapeOf(schema)).flatMap(([name, field]) =>
    tensorFieldOf(field) === undefined ? [] : [name],
  );

type Tree = Map<string, Tree | { readonly value: unknown }>;

const isNode = (node: Tree | { readonly value: unknown }): node is Tree => node instanceof Map;

/** Values by path as objects, and as lists where the names are 0, 1, 2 …: 'layers.0.gain' stands in the first of the layers. */
export function nested(values: ReadonlyMap<string, unknown>): object {
  const root: Tree = new Map();
  for (const [path, value] of values) {
    const steps = stepsOf(path);
    let node = root;
    for (const step of steps.slice(0, -1)) {
      const found = node.get(step);
      const next: Tree = found !== undefined && isNode(found) ? found : new Map();
      node.set(step, next);
      node = next;
    }
    node.set(steps.at(-1) ?? '', { value });
  }
  return objectOf(root);
}

const plainOf = (node: Tree): unknown => {
  const keys = [...node.keys()];
  const isList = keys.every((_, i) => node.has(String(i)));
  const held = (child: Tree | { readonly value: unknown } | undefined): unknown =>
    child === undefined ? undefined : isNode(child) ? plainOf(child) : child.value;
  return isList ? keys.map((_, i) => held(node.get(String(i)))) : objectOf(node);
};

const objectOf = (node: Tree): object =>
  Object.fromEntries(
    [...node].map(([key, child]) => [key, isNode(child) ? plainOf(child) : child.value]),
  );
