import { fitsByEnd, withSpaceSigns } from '../../spec/text/segmentation.ts';
import { unigramEncode as spec } from '../../spec/text/unigramEncode.ts';
import { reference } from '../reference.ts';

/** The best sum of logarithms up to a place, and the token that ends there after another best one. */
interface Best<N> {
  readonly score: N;
  readonly last?: { readonly id: number; readonly before: Best<N> };
}

/** The tokens that lead to a place, from the first on. */
function idsOf<N>(best: Best<N> | undefined): readonly number[] {
  const ids: number[] = [];
  for (let last = best?.last; last !== undefined; last = last.before.last) ids.push(last.id);
  return ids.toReversed();
}

export const unigramEncode = reference(spec, (arithmetic, { text, vocabulary }, chosen) => {
  if (chosen?.tokens !== undefined && chosen.ids !== undefined)
    return { tokens: chosen.tokens, ids: chosen.ids };
  const { add, compare, from } = arithmetic;
  const characters = [...withSpaceSigns(text)];
  const zero = from(0);
  const best: (Best<typeof zero> | undefined)[] = [{ score: zero }];
  for (const [end, fits] of fitsByEnd(characters, vocabulary).entries())
    for (const { start, id } of fits) {
      const before = best[start];
      if (before === undefined) continue;
      const score = add(before.score, from(vocabulary[id]?.logProbability ?? 0));
      const known = best[end];
      if (known === undefined || compare(score, known.score) > 0)
        best[end] = { score, last: { id, before } };
    }
  const ids = idsOf(best[characters.length]);
  return { tokens: ids.map((id) => vocabulary[id]?.token ?? ''), ids };
});
