import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
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

export const training = (device: Device): Entries => ({
  crossEntropy: crossEntropy(device),
  perplexity: perplexity(device),
  shiftRight: shiftRight(device),
  contrastiveLoss: contrastiveLoss(device),
  softmaxGradient: softmaxGradient(device),
  crossEntropyGradient: crossEntropyGradient(device),
  linearGradient: linearGradient(device),
  geluGradient: geluGradient(device),
  feedForwardGradient: feedForwardGradient(device),
  layerNormGradient: layerNormGradient(device),
  attentionGradient: attentionGradient(device),
  tokenEmbeddingGradient: tokenEmbeddingGradient(device),
  gradientClipping: gradientClipping(device),
  sgdStep: sgdStep(device),
  adamStep: adamStep(device),
  learningRateSchedule: learningRateSchedule(device),
  trainingStep: trainingStep(device),
});
