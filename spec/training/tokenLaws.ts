import { mapped, rearranged, reversed } from '../laws.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { countedIn, type Tokens } from './tokens.ts';

/** The logits with a constant added, where that is exact. */
export function shifted<T extends Tokens>(source: T): T | undefined {
  const logits = shiftedExactly(source.logits, 8);
  return logits && { ...source, logits };
}

/** Only the tokens of some places. */
export function tokensAt<T extends Tokens>(source: T, places: readonly number[]): T {
  const width = source.logits.shape[1] ?? 0;
  const place = (i: number): number => places[i] ?? NaN;
  return {
    ...source,
    logits: rearranged(
      source.logits,
      [places.length, width],
      (i) => place(Math.floor(i / width)) * width + (i % width),
    ),
    targets: rearranged(source.targets, [places.length], place),
  };
}

/** Only the tokens that count, where some do and some don't. */
export function withoutIgnored<T extends Tokens>(source: T): T | undefined {
  const places = countedIn(source);
  return places.length === 0 || places.length === source.targets.data.length
    ? undefined
    : tokensAt(source, places);
}

export const tokensReversed = <T extends Tokens>(source: T): T => ({
  ...source,
  logits: reversed(source.logits, -2),
  targets: reversed(source.targets),
});

/** The vocabulary numbered from its end, with what is ignored. */
export function classesReversed<T extends Tokens>(source: T): T {
  const width = source.logits.shape[1] ?? 0;
  const renumbered = (id: number): number => (id >= 0 && id < width ? width - 1 - id : id);
  const { ignoreIndex } = source;
  return {
    ...source,
    logits: reversed(source.logits),
    targets: mapped(source.targets, renumbered),
    ignoreIndex: ignoreIndex === undefined ? undefined : renumbered(ignoreIndex),
  };
}
