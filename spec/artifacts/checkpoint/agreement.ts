import type { Architecture } from '../../accounting/architecture.ts';
import type { Entry } from '../header.ts';
import { expectedTensors, type Expected } from './expected.ts';
import { isHead, namings } from './names.ts';
import { modern, namingOf, type Named } from './recognise.ts';
import { isBuffer } from './tally.ts';

/** A tensor whose shape is not that of the architecture. */
export interface Misshapen {
  readonly name: string;
  readonly expected: readonly number[];
  readonly got: readonly number[];
}

/** How the tensors of a checkpoint compare with those of an architecture. */
export interface Agreement {
  readonly missing: readonly Expected[];
  readonly misshapen: readonly Misshapen[];
  /** What the architecture does not have. */
  readonly leftOver: readonly Entry[];
  /** Layers for a task on top of it: named, and no disagreement. */
  readonly heads: readonly Entry[];
}

export const agrees = ({ missing, misshapen, leftOver }: Agreement): boolean =>
  missing.length + misshapen.length + leftOver.length === 0;

/** The naming of the family's that fits best, or where none does, the first. */
function namedFor(entries: readonly Entry[], { family }: Architecture): Named | undefined {
  const [naming] = namings.filter((one) => one.family === family);
  const found = namingOf(
    entries.map(({ name }) => name),
    family,
  );
  return found ?? (naming === undefined ? undefined : { naming, prefix: '' });
}

/** Every tensor of either side, matched by name. */
export function compare(entries: readonly Entry[], architecture: Architecture): Agreement {
  const named = namedFor(entries, architecture);
  const expected = named === undefined ? [] : expectedTensors(architecture, named);
  const wanted = new Map(expected.map((one) => [one.name, one]));
  const there = new Set(entries.map(({ name }) => modern(name)));
  const beyond = entries.filter(
    (entry) => !wanted.has(modern(entry.name)) && !isBuffer(named, entry),
  );
  return {
    missing: expected.filter(({ name }) => !there.has(name)),
    misshapen: entries.flatMap(({ name, shape }) => {
      const tensor = wanted.get(modern(name));
      return tensor === undefined || tensor.shape.join() === shape.join()
        ? []
        : [{ name, expected: tensor.shape, got: shape }];
    }),
    leftOver: beyond.filter(({ name }) => !isHead(name)),
    heads: beyond.filter(({ name }) => isHead(name)),
  };
}
