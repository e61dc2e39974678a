import { softmax } from './softmax.ts';
import { logSoftmax } from './logSoftmax.ts';
import { temperature } from './temperature.ts';
import { topK } from './topK.ts';
import { topP } from './topP.ts';
import { minP } from './minP.ts';
import { repetitionPenalty } from './repetitionPenalty.ts';
import { samplingDistribution } from './samplingDistribution.ts';
import { sampleToken } from './sampleToken.ts';
import { greedyToken } from './greedyToken.ts';
import { beamSearch } from './beamSearch.ts';

/** To add a component: one file in this folder, one line in this list. */
export const sampling = {
  softmax,
  logSoftmax,
  temperature,
  topK,
  topP,
  minP,
  repetitionPenalty,
  samplingDistribution,
  sampleToken,
  greedyToken,
  beamSearch,
};
