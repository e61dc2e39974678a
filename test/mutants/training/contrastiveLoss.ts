import { greatestOf } from '../../../spec/extremes.ts';
import { mapped } from '../../../spec/laws.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  contrastiveLossOf,
  directed,
  perpendicular,
  plainRow,
  type Parts,
} from '../../honest/training/contrastiveLoss.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
type Contrastive = Mutants<'contrastiveLoss'>['honest'];
const made = (parts: Parts): Contrastive => contrastiveLossOf(unit, parts);
const sound = made({});

/** Vectors that are left as they are. */
const undirected = (vectors: readonly (readonly number[])[]) => ({
  vectors,
  directions: vectors,
  inverses: vectors.map(() => 1),
});

/** Both halves of what is computed from anchors to positives and back. */
const symmetric: Contrastive = async (input) => {
  const there = await sound(input);
  const back = await sound({ ...input, anchors: input.positives, positives: input.anchors });
  const mean = (x: number, y: number) => f((x + y) / 2);
  return {
    loss: mapped(there.loss, (x, i) => mean(x, back.loss.data[i] ?? NaN)),
    anchorsGradient: mapped(there.anchorsGradient, (x, i) =>
      mean(x, back.positivesGradient.data[i] ?? NaN),
    ),
    positivesGradient: mapped(there.positivesGradient, (x, i) =>
      mean(x, back.anchorsGradient.data[i] ?? NaN),
    ),
  };
};

export const contrastiveLoss: Mutants<'contrastiveLoss'> = {
  honest: sound,
  mutants: [
    {
      id: 'no-temperature',
      defect: 'classic',
      wrong: 'forgets the temperature',
      run: withInput(sound, (input) => ({ ...input, temperature: 1 })),
    },
    {
      id: 'no-temperature-in-the-gradient',
      defect: 'classic',
      wrong: 'forgets the temperature in the gradients alone',
      run: made({ divisor: () => 1 }),
    },
    {
      id: 'times-temperature',
      defect: 'classic',
      wrong: 'multiplies by the temperature instead of dividing',
      run: withInput(sound, (input) => ({ ...input, temperature: f(1 / input.temperature) })),
    },
    {
      id: 'positives-as-they-are',
      defect: 'similarity-metrics-04',
      wrong: 'does not normalise the positives',
      run: made({
        directed: (own, vectors, side) =>
          side === 'positives' ? undirected(vectors) : directed(own, vectors),
      }),
    },
    {
      id: 'dot-products',
      defect: 'similarity-metrics-04',
      wrong: 'takes dot products, of vectors as they are, with their gradient',
      run: made({
        directed: (_unit, vectors) => undirected(vectors),
        turned: (_unit, whole) => whole,
      }),
    },
    {
      id: 'gradient-of-the-direction',
      defect: 'classic',
      wrong: 'gives the gradient of the direction: the derivative of the normalisation is left out',
      run: made({ turned: (_unit, whole) => whole }),
    },
    {
      id: 'gradient-not-perpendicular',
      defect: 'classic',
      wrong: 'divides by the length alone, without taking away what leads along the vector',
      run: made({
        turned: (_unit, whole, _direction, inverse) => whole.map((d) => f(d * inverse)),
      }),
    },
    {
      id: 'not-divided-by-the-length',
      defect: 'classic',
      wrong: 'takes away what leads along the vector, without dividing by its length',
      run: made({ turned: (own, whole, direction) => perpendicular(own, whole, direction, 1) }),
    },
    {
      id: 'own-left-out',
      defect: 'classic',
      wrong: 'leaves the own positive out of the denominator',
      run: made({
        row: (own, scores, i) => {
          const others = scores.map((s, j) => (j === i ? -Infinity : s));
          if (others.every((s) => s === -Infinity)) return plainRow(own, scores, i);
          const { p } = plainRow(own, others, i);
          const shift = greatestOf(others);
          const total = others.reduce((sum, s) => sum + Math.exp(s - shift), 0);
          return { loss: f(shift + Math.log(total) - (scores[i] ?? NaN)), p };
        },
      }),
    },
    {
      id: 'sum',
      defect: 'classic',
      wrong: 'the sum over the anchors instead of the mean',
      run: made({ count: () => 1 }),
    },
    {
      id: 'both-directions',
      defect: 'classic',
      wrong: 'the mean of both directions, as CLIP has it',
      run: symmetric,
    },
    {
      id: 'exchanged',
      defect: 'classic',
      wrong: 'from positives to anchors',
      run: async (input) => {
        const { loss, anchorsGradient, positivesGradient } = await sound({
          ...input,
          anchors: input.positives,
          positives: input.anchors,
        });
        return { loss, anchorsGradient: positivesGradient, positivesGradient: anchorsGradient };
      },
    },
    {
      id: 'no-own-gradient',
      defect: 'classic',
      wrong: 'P in place of P − I: the pull towards the own positive is missing',
      run: made({
        row: (own, scores, i) => {
          const { loss, p } = plainRow(own, scores, i);
          return { loss, p: p.map((x, j) => (j === i ? f(x + 1) : x)) };
        },
      }),
    },
    {
      id: 'positives-constant',
      defect: 'classic',
      wrong: 'takes the positives for constants: their gradients are zeros',
      run: withOutput(sound, (output) => ({
        ...output,
        positivesGradient: mapped(output.positivesGradient, () => 0),
      })),
    },
    {
      id: 'epsilon-in-the-norm',
      defect: 'classic',
      wrong: 'adds 1e-3 to every length',
      run: made({
        directed: (own, vectors) => {
          const inverses = vectors.map((row) => f(1 / (Math.sqrt(own.dot(row, row)) + 1e-3)));
          return {
            vectors,
            inverses,
            directions: vectors.map((row, i) => row.map((x) => f(x * (inverses[i] ?? NaN)))),
          };
        },
      }),
    },
  ],
};
