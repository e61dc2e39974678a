import { named } from '../../spec/arithmetic.ts';
import { crossEntropy as spec } from '../../spec/training/crossEntropy.ts';
import { reference } from '../reference.ts';
import { meanLoss, tokenLosses } from './tokenLosses.ts';

export const crossEntropy = reference(
  spec,
  (arithmetic, { labelSmoothing, reduction, ...tokens }) => {
    const losses = tokenLosses(arithmetic, tokens, labelSmoothing);
    const all = losses.map((loss) => loss ?? arithmetic.from(0));
    switch (reduction) {
      case 'none':
        return { loss: { shape: tokens.targets.shape, data: all } };
      case 'sum':
        return { loss: { shape: [], data: [arithmetic.sum(all)] } };
      case 'mean':
        return {
          loss: {
            shape: [],
            data: [named(arithmetic, 'mean of ℓ_i', meanLoss(arithmetic, losses))],
          },
        };
    }
  },
);
