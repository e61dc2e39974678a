import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
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

export const sampling = (device: Device): Entries => ({
  softmax: softmax(device),
  logSoftmax: logSoftmax(device),
  temperature: temperature(device),
  topK: topK(device),
  topP: topP(device),
  minP: minP(device),
  repetitionPenalty: repetitionPenalty(device),
  samplingDistribution: samplingDistribution(device),
  sampleToken: sampleToken(device),
  greedyToken: greedyToken(device),
  beamSearch: beamSearch(device),
});
