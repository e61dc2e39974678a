import { similarityThreshold as spec } from '../../spec/similarity/similarityThreshold.ts';
import { reference } from '../reference.ts';

export const similarityThreshold = reference(spec, ({ compare, from }, { scores, threshold }) => ({
  count: scores.data.filter((score) => compare(score, from(threshold)) >= 0).length,
}));
