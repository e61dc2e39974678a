import { samplingDistribution as spec } from '../../spec/sampling/samplingDistribution.ts';
import { reference } from '../reference.ts';
import { chooseRows } from './chooseRows.ts';
import { keepMinP, keepTopP, ranked, tempered } from './filters.ts';

export const samplingDistribution = reference(
  spec,
  (arithmetic, { logits, temperature, topK, topP, minP, order }, chosen) =>
    chooseRows(
      arithmetic,
      logits,
      (row) => {
        const scores = order === 'temperatureFirst' ? tempered(arithmetic, row, temperature) : row;
        const first = ranked(arithmetic, row).slice(0, topK);
        const second =
          topP === undefined ? first : keepTopP(arithmetic, scores, first, topP, 'include');
        return minP === undefined ? second : keepMinP(arithmetic, scores, second, minP);
      },
      chosen?.kept,
      (row) => tempered(arithmetic, row, temperature),
    ),
);
