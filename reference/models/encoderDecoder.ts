import { kept, type Arithmetic } from '../../spec/arithmetic.ts';
import { compounded } from '../../spec/bounds/enlarged.ts';
import { rootError } from '../../spec/bounds/layerNorm.ts';
import { passedOn, relativeErrors } from '../../spec/bounds/local.ts';
import { waveErrors } from '../../spec/bounds/positions.ts';
import { encoderDecoder as spec } from '../../spec/models/encoderDecoder.ts';
import { rowsOf, type Grid, type IntegerTensor } from '../../spec/tensor.ts';
import { sinusoidalPositions } from '../embedding/sinusoidalPositions.ts';
import { added } from '../layers/addAndNorm.ts';
import { reference } from '../reference.ts';
import { crossAttentionLayer, selfAttentionLayer, tiedLogits } from './blocks.ts';

const base = 10000;

/** √D · E[id]. */
function scaledTokens<N>(arithmetic: Arithmetic<N>, table: Grid<N>, ids: IntegerTensor): Grid<N> {
  const { from, multiply, sqrt } = arithmetic;
  const width = table.shape[1] ?? 0;
  const scale = sqrt(from(width));
  const rows = rowsOf(table);
  const values = Array.from(ids.data, (id) => rows[id] ?? []).flatMap((row) =>
    row.map((x) => multiply(scale, x)),
  );
  const errors = relativeErrors(values, ({ rounding }) =>
    compounded(rounding.unit, rootError(rounding)),
  );
  return {
    shape: [...ids.shape, width],
    data: kept(arithmetic, values, passedOn(values, errors)),
  };
}

/** The positions of every sequence of a batch. */
function positionsOf<N>(
  arithmetic: Arithmetic<N>,
  [batch = 0, length = 0]: readonly number[],
  width: number,
): Grid<N> {
  const { positions } = sinusoidalPositions(arithmetic, { length, width, base });
  const data = Array.from({ length: batch }, () =>
    kept(arithmetic, positions.data, passedOn(positions.data, waveErrors(length, width, base))),
  ).flat();
  return { shape: [batch, length, width], data };
}

export const encoderDecoder = reference(spec, (arithmetic, input) => {
  const { sourceIds, targetIds, sourceMask, weights, config } = input;
  const { heads, epsilon, width } = config;
  const how = { heads, epsilon, norm: 'post', activation: 'relu' } as const;
  const [batch = 0, sourceLength = 0] = sourceIds.shape;
  const mask = sourceMask && { ...sourceMask, shape: [batch, 1, sourceLength] };
  const embedded = (ids: IntegerTensor) =>
    added(
      arithmetic,
      scaledTokens(arithmetic, weights.tokenTable, ids),
      positionsOf(arithmetic, ids.shape, width),
    );
  const memory = weights.encoder.reduce(
    (x, layer) => selfAttentionLayer(arithmetic, x, layer, { ...how, mask, causal: false }),
    embedded(sourceIds),
  );
  const hidden = weights.decoder.reduce(
    (x, layer) => crossAttentionLayer(arithmetic, x, memory, layer, { ...how, memoryMask: mask }),
    embedded(targetIds),
  );
  return { logits: tiedLogits(arithmetic, hidden, weights.tokenTable) };
});
