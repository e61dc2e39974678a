import { namings, type Naming, type Row } from './names.ts';

/** A naming, and what stands before each of its names: 'transformer.'. */
export interface Named {
  readonly naming: Naming;
  readonly prefix: string;
}

/** BERT's first checkpoints call the gain of a norm gamma, and its shift beta. */
export const modern = (name: string): string =>
  name
    .replace(/LayerNorm\.gamma$/, () => 'LayerNorm.weight')
    .replace(/LayerNorm\.beta$/, () => 'LayerNorm.bias');

/** A name with the numbers in it replaced, so that it can be looked up. */
const generic = (name: string): string => name.replaceAll(/\.(0|[1-9]\d*)(?=\.)/g, () => '.#');

const rowsByName = new Map(
  namings.map((naming) => [naming, new Map(naming.rows.map((row) => [row.name, row]))] as const),
);

/** The row that a name is of, in a naming, whatever stands before it. */
function rowOf(
  naming: Naming,
  name: string,
): { readonly row: Row; readonly prefix: string } | undefined {
  const rows = rowsByName.get(naming);
  const parts = modern(name).split('.');
  for (let from = 0; from < Math.min(parts.length, 6); from += 1) {
    const row = rows?.get(generic(`.${parts.slice(from).join('.')}`).slice(1));
    if (row !== undefined)
      return {
        row,
        prefix: parts
          .slice(0, from)
          .map((part) => `${part}.`)
          .join(''),
      };
  }
  return undefined;
}

/** The naming and the prefix that most names of a checkpoint follow, of those of one family where it is known; nothing where none does. */
export function namingOf(names: readonly string[], family?: Naming['family']): Named | undefined {
  const counts = new Map<string, Named & { readonly count: number }>();
  for (const naming of namings) {
    if (family !== undefined && naming.family !== family) continue;
    for (const name of names) {
      const found = rowOf(naming, name);
      if (found === undefined || found.row.isOutside) continue;
      const key = `${namings.indexOf(naming)} ${found.prefix}`;
      const count = (counts.get(key)?.count ?? 0) + 1;
      counts.set(key, { naming, prefix: found.prefix, count });
    }
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0];
}

/** What a name stands for in a checkpoint that is named so. */
export function recognised({ naming, prefix }: Named, name: string): Row | undefined {
  const found = rowOf(naming, name);
  if (found === undefined) return undefined;
  return found.prefix === (found.row.isOutside ? '' : prefix) ? found.row : undefined;
}
