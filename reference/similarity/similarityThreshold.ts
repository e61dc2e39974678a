import { told } from '../../spec/arithmetic.ts';
import { similarityThreshold as spec } from '../../spec/similarity/similarityThreshold.ts';
import { reference } from '../reference.ts';

export const similarityThreshold = reference(spec, (arithmetic, { scores, threshold }) => {
  const { compare, from } = arithmetic;
  const kept = [...scores.data.entries()].filter(
    ([, score]) => compare(score, from(threshold)) >= 0,
  );
  told(arithmetic, 's_i ≥ t', () => new Map(kept));
  return { count: kept.length };
});
