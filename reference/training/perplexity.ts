import { named } from '../../spec/arithmetic.ts';
import { perplexity as spec } from '../../spec/training/perplexity.ts';
import { reference } from '../reference.ts';
import { meanLoss, tokenLosses } from './tokenLosses.ts';

export const perplexity = reference(spec, (arithmetic, tokens) => ({
  perplexity: {
    shape: [],
    data: [
      arithmetic.exp(
        named(arithmetic, 'mean of ℓ_i', meanLoss(arithmetic, tokenLosses(arithmetic, tokens, 0))),
      ),
    ],
  },
}));
