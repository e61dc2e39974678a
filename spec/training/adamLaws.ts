import type { Law } from '../component.ts';
import { differ, inapplicable, mapped, metamorphic, reversed } from '../laws.ts';
import type { FloatTensor } from '../tensor.ts';
import type { AdamInput } from './adamInputs.ts';
import { areFinite } from './optimizerInputs.ts';

interface Parsed extends AdamInput {
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly decay: 'decoupled' | 'coupled';
}
interface AdamOutput {
  readonly parameter: FloatTensor;
  readonly mean: FloatTensor;
  readonly variance: FloatTensor;
}
type AdamLaw = Law<Parsed, AdamInput, AdamOutput>;

const areStatesFinite = ({ parameter, mean, variance }: AdamInput): boolean =>
  areFinite(parameter, mean, variance);

/** All but the variance, which is even in the gradient. */
export const changesSign: AdamLaw = metamorphic((source) => ({
  input: {
    ...source,
    parameter: mapped(source.parameter, (p) => -p),
    gradient: mapped(source.gradient, (g) => -g),
    mean: mapped(source.mean, (m) => -m),
  },
  output: (held, field) => (field === 'variance' ? held : mapped(held, (x) => -x)),
}));

const isModerate = ({ data }: FloatTensor): boolean =>
  Array.from(data).every((x) => x === 0 || (Math.abs(x) < 32 && Math.abs(x) > 2 ** -10));

/** Powers of two: no rounding changes. */
export const forgetsScale: AdamLaw = metamorphic((source) => {
  const { parameter, gradient, mean, variance, decay, weightDecay, epsilon } = source;
  const isCoupled = decay === 'coupled' && weightDecay > 0;
  if (isCoupled || ![parameter, gradient, mean, variance].every(isModerate)) return undefined;
  return {
    input: {
      ...source,
      gradient: mapped(gradient, (g) => 2 * g),
      mean: mapped(mean, (m) => 2 * m),
      variance: mapped(variance, (v) => 4 * v),
      epsilon: 2 * epsilon,
    },
    output: (held, field) =>
      mapped(held, (x) => (field === 'mean' ? 2 * x : field === 'variance' ? 4 * x : x)),
  };
});

/** Where there is neither gradient nor mean there is no step, however small the variance. */
export const restsWithoutGradient: AdamLaw = async (source, run) => {
  if (source.epsilon === 0 || !areStatesFinite(source)) return inapplicable;
  const none = mapped(source.parameter, () => 0);
  const { output, slack } = await run({ ...source, gradient: none, mean: none, weightDecay: 0 });
  return differ(output.parameter.data, source.parameter.data, (i) => slack['parameter']?.[i] ?? 0);
};

/** Decoupled decay leaves the gradient's moments alone. */
export const keepsMomentsApart: AdamLaw = async (source, run) => {
  if (source.decay === 'coupled' || !areStatesFinite(source)) return inapplicable;
  const here = await run(source);
  const there = await run({ ...source, parameter: mapped(source.parameter, () => 3) });
  const [field] = (['mean', 'variance'] as const).flatMap((name) => {
    const problem = differ(
      here.output[name].data,
      there.output[name].data,
      (i) => (here.slack[name]?.[i] ?? 0) + (there.slack[name]?.[i] ?? 0),
    );
    return problem === undefined ? [] : [`${name}, ${problem}`];
  });
  return field;
};

export const isElementwise: AdamLaw = metamorphic((source) => ({
  input: {
    ...source,
    parameter: reversed(source.parameter),
    gradient: reversed(source.gradient),
    mean: reversed(source.mean),
    variance: reversed(source.variance),
  },
  output: (held) => reversed(held),
}));
