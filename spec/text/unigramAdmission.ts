import type { Arithmetic } from '../arithmetic.ts';
import { lowestBit } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { fitsByEnd, withSpaceSigns, type Scored } from './segmentation.ts';
import { namingProblem, type Encoding } from './tokenFields.ts';

export interface Segmented {
  readonly text: string;
  readonly vocabulary: readonly Scored[];
}

/** The greatest sum of logarithms that tokens of the text have. */
function bestScore<N>(
  { add, from, max }: Arithmetic<N>,
  characters: readonly string[],
  vocabulary: readonly Scored[],
): N {
  const best: (N | undefined)[] = [from(0)];
  for (const [end, fits] of fitsByEnd(characters, vocabulary).entries()) {
    const sums = fits.flatMap(({ start, id }) => {
      const before = best[start];
      return before === undefined ? [] : [add(before, from(vocabulary[id]?.logProbability ?? 0))];
    });
    if (end > 0) best[end] = sums.length === 0 ? undefined : max(sums);
  }
  return best[characters.length] ?? from(-Infinity);
}

/**
 * Whether every sum of logarithms along the text is exact: multiples of 2^b, none over 2^(b + precision), and 2^b itself held. All are ≤ 0, so that
 * no partial sum is over the whole.
 */
function isExact(scores: readonly number[], terms: number, rounding: Rounding): boolean {
  const present = scores.filter((score) => score !== 0);
  const unit = 2 ** present.reduce((least, score) => Math.min(least, lowestBit(score)), 1023);
  const most = present.reduce((x, y) => Math.max(x, -y), 0) * terms;
  return (
    present.length === 0 || (unit >= 2 * rounding.tiny && most <= unit * 2 ** rounding.precision)
  );
}

/**
 * Says why tokens are no most probable segmentation, or nothing.
 *
 * A computed sum along n tokens is off by (1 + u)^(n + 1) − 1 of it at most, for each logarithm is rounded to the format and all have one sign. Rounded
 * addition keeps order: what is found at the end of a text is never less than the computed sum of any other segmentation. So the sum of the one that
 * is chosen is below the greatest by what both may be off at most. Where all sums are exact that is nothing: only a true tie may go either way.
 */
export function segmentationRefusal<N>(
  a: Arithmetic<N>,
  {
    input: { text, vocabulary },
    rounding,
    output,
  }: { readonly input: Segmented; readonly rounding: Rounding; readonly output: Encoding },
): string | undefined {
  const misnamed = namingProblem(
    output,
    vocabulary.map(({ token }) => token),
  );
  if (misnamed !== undefined) return misnamed;
  if (output.tokens.join('') !== withSpaceSigns(text)) return 'the tokens do not spell the text';
  const characters = [...withSpaceSigns(text)];
  const scores = vocabulary.map(({ logProbability }) => logProbability);
  const greatest = scores.reduce((x, y) => Math.max(x, -y), 0) * (characters.length + 1);
  const way = rounding.growth(characters.length + 1);
  if (!(greatest < rounding.largest / 2) || way >= 1) return undefined;
  const own = a.sum(output.ids.map((id) => a.from(scores[id] ?? 0)));
  const best = bestScore(a, characters, vocabulary);
  const relative = a.multiply(a.from(-way), a.add(own, best));
  const slack = isExact(scores, characters.length, rounding)
    ? a.from(0)
    : a.add(relative, a.from(4 * (characters.length + 1) * rounding.tiny));
  return a.compare(a.add(own, slack), best) < 0
    ? 'another segmentation is surely more probable'
    : undefined;
}
