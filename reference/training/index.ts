import { crossEntropy } from './crossEntropy.ts';
import { perplexity } from './perplexity.ts';
import { shiftRight } from './shiftRight.ts';
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

export const training = {
  crossEntropy,
  perplexity,
  shiftRight,
  contrastiveLoss,
  softmaxGradient,
  crossEntropyGradient,
  linearGradient,
  geluGradient,
  feedForwardGradient,
  layerNormGradient,
  attentionGradient,
  tokenEmbeddingGradient,
  gradientClipping,
  sgdStep,
  adamStep,
  learningRateSchedule,
  trainingStep,
};
