import type { Output } from '../../../../spec/index.ts';
import { Unsupported, type Entry } from '../../../interface/implementation.ts';

type Counted = Output<'operationCount'>;
type Formula = (length: (letter: string) => number) => Counted;

const none: Counted = { multiplications: 0, additions: 0, exponentials: 0, comparisons: 0 };

/** How often two of n numbers meet, where they are taken up one by one. */
const pairs = (n: number): number => Math.max(0, n - 1);

const squaredDifferences: Formula = (length) => {
  const width = length('D');
  return { ...none, multiplications: width, additions: width + pairs(width) };
};

/** Closed formulas, for the components whose definition leaves no doubt what is done. */
const formulas: Readonly<Record<string, Formula>> = {
  softmax: (length) => {
    const tokens = length('V');
    return {
      ...none,
      additions: tokens + pairs(tokens),
      exponentials: tokens,
      comparisons: pairs(tokens) + 1,
    };
  },
  logSoftmax: (length) => {
    const tokens = length('V');
    return {
      ...none,
      additions: 2 * tokens + pairs(tokens),
      exponentials: tokens,
      comparisons: pairs(tokens),
    };
  },
  greedyToken: (length) => ({ ...none, comparisons: pairs(length('V')) }),
  relu: () => ({ ...none, comparisons: 1 }),
  dotProduct: (length) => ({
    ...none,
    multiplications: length('D'),
    additions: pairs(length('D')),
  }),
  squaredEuclideanDistance: squaredDifferences,
  euclideanDistance: squaredDifferences,
};

export const operationCount: Entry<'operationCount'> = {
  run: ({ component, sizes }) => {
    const formula = formulas[component];
    if (formula === undefined)
      throw new Unsupported(`how many operations ${component} takes is not known here`);
    return formula((letter) => Number(sizes[letter]));
  },
};
