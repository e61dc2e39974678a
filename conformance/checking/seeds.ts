import type { Name } from '../../spec/index.ts';
import type { Stage } from './stages.ts';

/** A seed of its own for each stage, so that one more law changes no other stage's inputs (FNV-1a over the names). */
export function stageSeed(
  seed: number,
  name: Name,
  { level, kind, title }: Pick<Stage, 'level' | 'kind' | 'title'>,
): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of `${name}/${level}/${kind}/${title}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}
