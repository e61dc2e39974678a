import { fitsByEnd, withSpaceSigns } from '../../spec/text/segmentation.ts';
import { unigramEncode as spec } from '../../spec/text/unigramEncode.ts';
import { reference } from '../reference.ts';

export const unigramEncode = reference(spec, (arithmetic, { text, vocabulary }, chosen) => {
  if (chosen?.tokens !== undefined && chosen.ids !== undefined)
    return { tokens: chosen.tokens, ids: chosen.ids };
  const { add, compare, from } = arithmetic;
  const characters = [...withSpaceSigns(text)];
  const start = { score: from(0), ids: new Array<number>() };
  const best: (typeof start | undefined)[] = [start];
  for (const [end, fits] of fitsByEnd(characters, vocabulary).entries())
    for (const { start: place, id } of fits) {
      const before = best[place];
      if (before === undefined) continue;
      const score = add(before.score, from(vocabulary[id]?.logProbability ?? 0));
      const known = best[end];
      if (known === undefined || compare(score, known.score) > 0)
        best[end] = { score, ids: [...before.ids, id] };
    }
  const ids = best[characters.length]?.ids ?? [];
  return { tokens: ids.map((id) => vocabulary[id]?.token ?? ''), ids };
});
