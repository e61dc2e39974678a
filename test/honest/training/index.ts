import type { HonestTable } from '../honest.ts';
import { crossEntropy } from './crossEntropy.ts';
import { perplexity } from './perplexity.ts';
import { contrastiveLoss } from './contrastiveLoss.ts';
import { softmaxGradient } from './softmaxGradient.ts';
import { crossEntropyGradient } from './crossEntropyGradient.ts';
import { linearGradient } from './linearGradient.ts';
import { geluGradient } from './geluGradient.ts';
import { feedForwardGradient } from './feedForwardGradient.ts';
import { layerNormGradient } from './layerNormGradient.ts';
import { attentionGradient } from './attentionGradient.ts';
import { tokenEmbeddingGradient } from './tokenEmbeddingGradient.ts';
import { gradientClipping } from './gradientClipping.ts';
import { sgdStep } from './sgdStep.ts';
import { adamStep } from './adamStep.ts';
import { learningRateSchedule } from './learningRateSchedule.ts';
import { trainingStep } from './trainingStep.ts';

export const training: HonestTable = {
  crossEntropy: { kernel: (unit) => crossEntropy(unit) },
  perplexity: { kernel: (unit) => perplexity(unit) },
  contrastiveLoss: { kernel: contrastiveLoss },
  softmaxGradient: {
    kernel: (unit) => softmaxGradient(unit),
    options: { emptyRow: ['nan', 'zero'] },
  },
  crossEntropyGradient: { kernel: (unit) => crossEntropyGradient(unit) },
  linearGradient: { kernel: linearGradient },
  geluGradient: {
    kernel: geluGradient,
    options: { form: ['exact', 'tanh'] },
    numerics: { erf: { ulp: 1 } },
  },
  feedForwardGradient: { kernel: feedForwardGradient, numerics: { erf: { ulp: 1 } } },
  layerNormGradient: { kernel: layerNormGradient },
  attentionGradient: {
    kernel: (unit) => attentionGradient(unit),
    options: { alignment: ['bottomRight', 'topLeft'] },
  },
  tokenEmbeddingGradient: { kernel: tokenEmbeddingGradient },
  gradientClipping: { kernel: gradientClipping },
  sgdStep: { kernel: sgdStep },
  adamStep: { kernel: adamStep, options: { decay: ['decoupled', 'coupled'] } },
  learningRateSchedule: { kernel: learningRateSchedule },
  trainingStep: {
    kernel: trainingStep,
    options: { decay: ['decoupled', 'coupled'] },
    numerics: { erf: { ulp: 1 }, algorithm: { adamBeta: 'f32' } },
  },
};
