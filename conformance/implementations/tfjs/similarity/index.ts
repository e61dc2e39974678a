import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
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

export const similarity = (device: Device): Entries => ({
  dotProduct: dotProduct(device),
  cosineSimilarity: cosineSimilarity(device),
  euclideanDistance: euclideanDistance(device),
  squaredEuclideanDistance: squaredEuclideanDistance(device),
  nearestNeighbors: nearestNeighbors(device),
  recallAtK: recallAtK(device),
  similarityThreshold: similarityThreshold(device),
  gapCutoff: gapCutoff(device),
  cumulativeCutoff: cumulativeCutoff(device),
  reciprocalRankFusion: reciprocalRankFusion(device),
  shardedSearch,
});
