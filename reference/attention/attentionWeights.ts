import { inside } from '../../spec/arithmetic.ts';
import { attentionWeights as spec } from '../../spec/attention/attentionWeights.ts';
import { blocksOf } from '../../spec/attention/allowed.ts';
import { geometryOf } from '../../spec/attention/rows.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { scaleOf, weightsOf, within } from './attend.ts';

export const attentionWeights = reference(spec, (arithmetic, input) => {
  const { leading, queryLength, keyLength, width, allowed } = geometryOf(input);
  const [query, key] = [rowsOf(input.query), rowsOf(input.key)];
  const scale = scaleOf(arithmetic, input.scale, width);
  const weights = blocksOf(leading).flatMap((block) =>
    inside(arithmetic, 'block', block, () =>
      weightsOf(arithmetic, {
        query: query.slice(block * queryLength, (block + 1) * queryLength),
        key: key.slice(block * keyLength, (block + 1) * keyLength),
        scale,
        allowed: within(allowed, block),
        emptyRow: input.emptyRow,
      }),
    ),
  );
  return { weights: { shape: [...leading, queryLength, keyLength], data: weights.flat() } };
});
