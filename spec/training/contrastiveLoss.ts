import fc from 'fast-check';
import { component, type Law } from '../component.ts';
import { differ, inapplicable, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats, real } from '../schema.ts';
import { rowsOf, type FloatTensor } from '../tensor.ts';
import { contrastiveInputs, others, pairs, three, type Pairs } from './contrastiveInputs.ts';
import { contrastedSizes } from './sizes.ts';

interface Contrast {
  readonly loss: FloatTensor;
  readonly anchorsGradient: FloatTensor;
  readonly positivesGradient: FloatTensor;
}
type Contrastive = Law<Pairs, Pairs, Contrast>;

/** What may be off in a product with a component: nothing where that is 0. */
const part = (slack: number, x: number): number => (x === 0 ? 0 : slack * Math.abs(x));

/** A vector's length does not matter, so that no gradient leads along it. */
const isPerpendicular: Contrastive = async (source, run) => {
  const { output, slack } = await run(source);
  for (const side of ['anchors', 'positives'] as const) {
    const gradient = output[`${side}Gradient`];
    const allowed = rowsOf({ shape: gradient.shape, data: slack[`${side}Gradient`] ?? [] });
    const vectors = rowsOf(source[side]);
    if (vectors.length === 0) return inapplicable;
    const rows = rowsOf(gradient).map((row, i) => row.map((g, c) => g * (vectors[i]?.[c] ?? NaN)));
    const total = (terms: readonly number[]) => terms.reduce((sum, x) => sum + x, 0);
    const problem = differ(
      rows.map((row) => total(row)),
      rows.map(() => 0),
      (i) =>
        total((allowed[i] ?? []).map((s, c) => part(s, vectors[i]?.[c] ?? 0))) +
        total((rows[i] ?? []).map(Math.abs)) * 64 * 2 ** -52,
    );
    if (problem !== undefined) return `${side}, ${problem}`;
  }
  return undefined;
};

const isModerate = ({ data }: FloatTensor): boolean =>
  Array.from(data).every((x) => Math.abs(x) < 2 ** 6);

/** Twice as long vectors of one side. */
const doubled = (side: 'anchors' | 'positives'): Contrastive =>
  metamorphic((source) =>
    isModerate(source[side])
      ? {
          input: { ...source, [side]: mapped(source[side], (x) => 2 * x) },
          output: (x, field) => (field === `${side}Gradient` ? mapped(x, (y) => y / 2) : x),
        }
      : undefined,
  );

/**
 * InfoNCE with the other positives of the batch for negatives: mean_i −log (e^(s_ii) / Σ_j e^(s_ij)) with s_ij = cos(a_i, p_j) / τ. From anchors to
 * positives alone, the own positive in the denominator too. With P = softmax(s) and G = (P − I)/(n τ), ∂a_i is what of Σ_j G_ij p̂_j is perpendicular to a_i,
 * over ‖a_i‖; and so for the positives.
 *
 * @example
 * contrastiveLoss({ anchors: [[1, 0], [0, 1]], positives: [[1, 0], [0, 1]], temperature: 1 }) // → { loss: 0.31326168751822286, anchorsGradient: [[0, 0.13447071068499756], [0.13447071068499756, 0]], positivesGradient: [[0, 0.13447071068499756], [0.13447071068499756, 0]] }
 */
export const contrastiveLoss = component({
  family: 'training',
  summary: 'How far every anchor is from choosing its own positive among all, with the gradients.',
  formula: String.raw`-\frac1n \sum_i \log \frac{e^{\cos(a_i, p_i)/\tau}}{\sum_j e^{\cos(a_i, p_j)/\tau}}`,
  source:
    'van den Oord, Li, Vinyals, Representation learning with contrastive predictive coding, 2018, eq. 4; with cosines and τ: Chen et al., A simple framework for contrastive learning of visual representations, 2020, eq. 1',
  domain:
    'Finite vectors, at least one pair. A zero vector has similarity 0 to any other; its gradient does not exist, and nothing is demanded of it. Of squares that overflow or underflow nothing is said.',
  input: fields({
    anchors: floats('[N, D]', 'what asks'),
    positives: floats('[N, D]', 'the answer to each anchor; those of the others are its negatives'),
    temperature: real('a finite number > 0', (x) => x > 0 && x < Infinity, 'divides the cosines'),
  }),
  output: fields({
    loss: floats('[]', 'in nats, the mean over the anchors'),
    anchorsGradient: floats('[N, D]', 'of the loss'),
    positivesGradient: floats('[N, D]', 'of the loss'),
  }),
  arbitrary: contrastiveInputs,
  sized: contrastedSizes,
  invalid: {
    'there are more anchors than positives': fc.constant(pairs(three, others.slice(0, 2))),
    'the widths differ': fc.constant(
      pairs(
        three,
        others.map((row) => row.slice(0, 2)),
      ),
    ),
    'the temperature is 0': fc.constant(pairs(three, others, 0)),
    'the temperature is negative': fc.constant(pairs(three, others, -0.5)),
    'the temperature is not a number': fc.constant(pairs(three, others, NaN)),
  },
  bound: 'composed',
  boundSource:
    'composed: the local errors of norms, cosines, weights, probabilities, the logarithm, means and what is perpendicular, in every equivalent form (spec/bounds/contrastive.ts), carried on by reference/arithmetics/deviating.ts',
  alsoRight: (source, field, index) => {
    if (field === 'loss') return false;
    const rows = rowsOf(field === 'anchorsGradient' ? source.anchors : source.positives);
    const row = rows[Math.floor(index / Math.max(1, source.anchors.shape.at(-1) ?? 1))] ?? [];
    return row.every((x) => x === 0);
  },
  laws: {
    'is unchanged by doubling the anchors, whose gradients halve': doubled('anchors'),
    'is unchanged by doubling the positives, whose gradients halve': doubled('positives'),
    'follows a permutation of the pairs': metamorphic((source) => ({
      input: {
        ...source,
        anchors: reversed(source.anchors, -2),
        positives: reversed(source.positives, -2),
      },
      output: (x, field) => (field === 'loss' ? x : reversed(x, -2)),
    })),
    'follows a permutation of the components': metamorphic((source) => ({
      input: {
        ...source,
        anchors: reversed(source.anchors),
        positives: reversed(source.positives),
      },
      output: (x, field) => (field === 'loss' ? x : reversed(x)),
    })),
    'has gradients perpendicular to the vectors': isPerpendicular,
  },
  examples: [
    {
      id: 'worked-example',
      why: 'three pairs of vectors of different lengths',
      flags: ['ordinary', 'normalisation'],
      input: pairs(three, others),
    },
    {
      id: 'temperature',
      why: 'the temperature forgotten, in the loss or in its gradients',
      flags: ['temperature'],
      input: pairs(three, others, 0.25),
    },
    {
      id: 'long-positives',
      why: 'one side left as it is, or the length not divided out',
      flags: ['similarity-metrics-04', 'normalisation'],
      input: pairs(
        three,
        others.map((row) => row.map((x) => 8 * x)),
        0.5,
      ),
    },
    {
      id: 'long-anchors',
      why: 'the gradient of the direction in place of that of the vector',
      flags: ['normalisation'],
      input: pairs(
        three.map((row) => row.map((x) => 16 * x)),
        others,
        0.5,
      ),
    },
    {
      id: 'two-pairs',
      why: 'the sum instead of the mean, or the own positive left out of the denominator',
      flags: ['reduction', 'diagonal'],
      input: pairs(
        [
          [2, 1],
          [-1, 3],
        ],
        [
          [1, 1],
          [1, 2],
        ],
      ),
    },
    {
      id: 'square',
      why: 'anchors and positives in each other’s place, or the loss in both directions',
      flags: ['axis', 'transposed'],
      input: pairs(
        [
          [3, 1],
          [2, 2],
        ],
        [
          [1, 0.5],
          [-2, 5],
        ],
        0.5,
      ),
    },
    {
      id: 'sharp',
      why: 'exponentials of cosines over a small temperature, one of them far ahead',
      flags: ['temperature', 'overflow'],
      input: pairs(
        [
          [1, 0.5, 0],
          [0, 1, 1],
        ],
        [
          [0, 1, 0.25],
          [1, 1, 0],
        ],
        0.07,
      ),
    },
  ],
});
