import type { HonestTable } from '../honest.ts';
import { dotProduct } from './dotProduct.ts';
import { cosineSimilarity } from './cosineSimilarity.ts';
import { euclideanDistance } from './euclideanDistance.ts';
import { squaredEuclideanDistance } from './squaredEuclideanDistance.ts';
import { nearestNeighbors } from './nearestNeighbors.ts';
import { recallAtK } from './recallAtK.ts';
import { similarityThreshold } from './similarityThreshold.ts';
import { gapCutoff } from './gapCutoff.ts';
import { cumulativeCutoff } from './cumulativeCutoff.ts';
import { reciprocalRankFusion } from './reciprocalRankFusion.ts';

export const similarity: HonestTable = {
  dotProduct: { kernel: dotProduct },
  cosineSimilarity: { kernel: cosineSimilarity, options: { zeroVector: ['zero', 'nan'] } },
  euclideanDistance: { kernel: euclideanDistance },
  squaredEuclideanDistance: { kernel: squaredEuclideanDistance },
  nearestNeighbors: { kernel: nearestNeighbors },
  recallAtK: { kernel: recallAtK },
  similarityThreshold: { kernel: similarityThreshold },
  gapCutoff: { kernel: gapCutoff },
  cumulativeCutoff: { kernel: cumulativeCutoff },
  reciprocalRankFusion: { kernel: reciprocalRankFusion },
};
