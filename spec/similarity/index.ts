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
import { shardedSearch } from './shardedSearch.ts';

/** To add a component: one file in this folder, one line in this list. */
export const similarity = {
  dotProduct,
  cosineSimilarity,
  euclideanDistance,
  squaredEuclideanDistance,
  nearestNeighbors,
  recallAtK,
  similarityThreshold,
  gapCutoff,
  cumulativeCutoff,
  reciprocalRankFusion,
  shardedSearch,
};
