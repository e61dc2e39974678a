/** A part of a value that is looked at on its own, and where it stands: 'weights.layers.0.gain'. */
export type Leaf<T> = readonly [path: string, leaf: T];

/** The leaves of lists and objects in lists and objects, in order. */
export function leavesOf<T>(
  value: unknown,
  isLeaf: (value: unknown) => value is T,
): readonly Leaf<T>[] {
  const leaves: Leaf<T>[] = [];
  const look = (inner: unknown, path: string): void => {
    if (isLeaf(inner)) leaves.push([path, inner]);
    else if (typeof inner === 'object' && inner !== null && !ArrayBuffer.isView(inner))
      for (const [key, item] of Object.entries(inner))
        look(item, path === '' ? key : `${path}.${key}`);
  };
  look(value, '');
  return leaves;
}

/** A value with its leaves mapped and everything else as it is. */
export function mapLeaves<T>(
  value: unknown,
  isLeaf: (value: unknown) => value is T,
  map: (leaf: T, path: string) => unknown,
  path = '',
): unknown {
  if (isLeaf(value)) return map(value, path);
  const inside = (key: string | number, item: unknown) =>
    mapLeaves(item, isLeaf, map, path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(value)) return value.map((item, i) => inside(i, item));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(key, item)]));
}
