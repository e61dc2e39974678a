import type { Law } from '../component.ts';
import { inapplicable, mapped, metamorphic, rearranged, reversed } from '../laws.ts';
import { rowsOf, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import type { BeamInput } from './beams.ts';

interface Found {
  readonly sequences: IntegerTensor;
  readonly scores: FloatTensor;
}
type BeamLaw = Law<BeamInput, BeamInput, Found>;

/** max over sequences of Σ log-probabilities, by dynamic programming (Viterbi, 1967). */
function bestTotal({ initial, transition, length }: BeamInput): number {
  const rows = rowsOf(transition);
  let best = Array.from(initial.data);
  for (let step = 1; step < length; step += 1)
    best = best.map((_, token) =>
      best.reduce(
        (most, sum, last) => Math.max(most, sum + (rows[last]?.[token] ?? NaN)),
        -Infinity,
      ),
    );
  return best.reduce((most, sum) => Math.max(most, sum), -Infinity);
}

/** With a place for every sequence nothing is lost, and the best is the best of all. */
const findsBestOfAll: BeamLaw = async (input, run) => {
  const width = input.initial.data.length;
  const whole: BeamInput = { ...input, beams: width ** input.length, lengthPenalty: 0 };
  const { end, ...endless } = whole;
  if (whole.beams > 81) return inapplicable;
  const { output, slack } = await run(endless);
  const expected = bestTotal(endless);
  const actual = output.scores.data[0] ?? -Infinity;
  const allowed = (slack['scores']?.[0] ?? 0) * (1 + 2 ** -40) + Math.abs(expected) * 2 ** -48;
  if (actual === expected || allowed === Infinity) return undefined;
  return Math.abs(actual - expected) <= allowed
    ? undefined
    : `the best of all sequences has ${expected}, the first that was found ${actual}${end === undefined ? '' : ' without an end'}`;
};

const fallsInOrder: BeamLaw = async (input, run) => {
  const { output, slack } = await run(input);
  const own = Array.from(output.scores.data);
  const wrong = own.findIndex((score, i) => {
    const before = own[i - 1] ?? Infinity;
    const allowed = (slack['scores']?.[i] ?? 0) + (slack['scores']?.[i - 1] ?? 0);
    return !(score - before <= allowed * (1 + 2 ** -40) + Math.abs(score) * 2 ** -48);
  });
  return wrong < 0 || own[wrong] === own[wrong - 1]
    ? undefined
    : `${own[wrong]} stands behind ${own[wrong - 1]}`;
};

/** What every beam search has. */
export const beamLaws: Readonly<Record<string, BeamLaw>> = {
  'finds the best of all where nothing is lost': findsBestOfAll,
  'has scores that do not rise': fallsInOrder,
  'halves its scores with the log-probabilities': metamorphic((input) => ({
    input: {
      ...input,
      initial: mapped(input.initial, (x) => x / 2),
      transition: mapped(input.transition, (x) => x / 2),
    },
    output: (source, field) => (field === 'scores' ? mapped(source, (x) => x / 2) : source),
  })),
  'follows a renaming of the tokens': metamorphic((input) => {
    const width = input.initial.data.length;
    const renamed = (token: number): number => width - 1 - token;
    const { end, ...rest } = input;
    return {
      input: {
        ...rest,
        initial: reversed(input.initial),
        transition: rearranged(
          input.transition,
          input.transition.shape,
          (i) => width * width - 1 - i,
        ),
        ...(end === undefined ? {} : { end: renamed(end) }),
      },
      output: (source, field) => (field === 'sequences' ? mapped(source, renamed) : source),
    };
  }),
};
