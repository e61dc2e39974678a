import { samplingDistribution as spec } from '../../spec/sampling/samplingDistribution.ts';
import { reference } from '../reference.ts';
import { chooseRows } from './chooseRows.ts';
import { keepMinP, keepTopK, keepTopP, restricted } from './filters.ts';

export const samplingDistribution = reference(spec, (arithmetic, { logits, temperature, topK, topP, minP, order }, chosen) => {
  const divisor = arithmetic.from(temperature);
  const scale = (row: readonly (typeof divisor)[]) => row.map((x) => arithmetic.divide(x, divisor));
  return chooseRows(
    arithmetic,
    logits,
    (row) => {
      const scores = order === 'temperatureFirst' ? scale(row) : row;
      const first = keepTopK(arithmetic, scores, topK ?? row.length);
      const second = topP === undefined ? first : keepTopP(arithmetic, restricted(arithmetic, scores, first), topP, 'include');
      return minP === undefined ? second : keepMinP(arithmetic, restricted(arithmetic, scores, second), minP);
    },
    chosen?.kept,
    scale,
  );
});
