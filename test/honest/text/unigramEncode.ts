import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import type { Unit } from '../machine.ts';

/** The steps of a segmentation, each of which a mutant replaces. */
export interface Steps {
  readonly text: (text: string) => string;
  /** What a token adds to the sum. */
  readonly score: (logProbability: number, token: string) => number;
  readonly add: (sum: number, score: number) => number;
  /** Whether a sum takes the place of the best one so far. */
  readonly isBetter: (sum: number, best: number) => boolean;
}

const soundSteps = (unit: Unit): Steps => ({
  text: (text) => text.replaceAll(' ', '\u2581'),
  score: (logProbability) => unit.round(logProbability),
  add: (sum, score) => unit.round(sum + score),
  isBetter: unit.machine.online > 0 ? (x, y) => x >= y : (x, y) => x > y,
});

interface Best {
  readonly sum: number;
  readonly id: number;
  readonly before: number;
}

/** The best way to each place of a text, from the start. */
function waysThrough(
  text: string,
  vocabulary: Input<'unigramEncode'>['vocabulary'],
  { score, add, isBetter }: Steps,
  start: number,
): readonly (Best | undefined)[] {
  const best: (Best | undefined)[] = [{ sum: start, id: -1, before: -1 }];
  for (let at = 0; at < text.length; at += 1) {
    const here = best[at];
    if (here === undefined) continue;
    for (const [id, { token, logProbability }] of vocabulary.entries()) {
      if (!text.startsWith(token, at)) continue;
      const sum = add(here.sum, score(logProbability, token));
      const known = best[at + token.length];
      if (known === undefined || isBetter(sum, known.sum))
        best[at + token.length] = { sum, id, before: at };
    }
  }
  return best;
}

export const segmenter =
  (unit: Unit, changed: Partial<Steps> = {}, start = 0): Kernel<'unigramEncode'> =>
  (input) => {
    const steps = { ...soundSteps(unit), ...changed };
    const text = steps.text(input.text);
    const best = waysThrough(text, input.vocabulary, steps, start);
    const ids: number[] = [];
    for (let way = best[text.length]; way !== undefined && way.id >= 0; way = best[way.before])
      ids.unshift(way.id);
    return { tokens: ids.map((id) => input.vocabulary[id]?.token ?? ''), ids };
  };

/** A sound segmentation on any machine; of ties some take the first that they meet, others the last. */
export const unigramEncode = (unit: Unit): Kernel<'unigramEncode'> => segmenter(unit);
