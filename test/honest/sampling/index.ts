import type { HonestTable } from '../honest.ts';
import { softmax } from './softmax.ts';
import { logSoftmax } from './logSoftmax.ts';
import { temperature } from './temperature.ts';
import { topK } from './filters.ts';
import { topP } from './filters.ts';
import { minP } from './filters.ts';
import { repetitionPenalty } from './repetitionPenalty.ts';
import { samplingDistribution } from './filters.ts';
import { sampleToken } from './sampleToken.ts';
import { beamSearch } from './beamSearch.ts';

export const sampling: HonestTable = {
  softmax: { kernel: softmax, options: { emptyRow: ['nan', 'zero'] } },
  logSoftmax: { kernel: logSoftmax, numerics: { algorithm: { logSoftmax: 'shifted' } } },
  temperature: { kernel: temperature, options: { zero: ['greedy', 'reject'] } },
  topK: { kernel: topK, options: { ties: ['any', 'lowestIndex', 'all'] } },
  topP: { kernel: topP, options: { boundary: ['include', 'exclude'] } },
  minP: { kernel: minP },
  repetitionPenalty: { kernel: repetitionPenalty },
  samplingDistribution: {
    kernel: samplingDistribution,
    options: { order: ['temperatureFirst', 'temperatureLast'] },
  },
  sampleToken: { kernel: sampleToken },
  beamSearch: { kernel: beamSearch },
};
