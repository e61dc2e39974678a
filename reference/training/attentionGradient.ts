import { blocksOf } from '../../spec/attention/allowed.ts';
import { geometryOf } from '../../spec/attention/rows.ts';
import { attentionGradient as spec } from '../../spec/training/attentionGradient.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { attendAll, scaleOf, within } from '../attention/attend.ts';
import { reference } from '../reference.ts';
import { attentionBackward } from './backward/attentionBackward.ts';
import { differentiate } from './differentiate.ts';

export const attentionGradient = reference(
  spec,
  (arithmetic, { query, key, value, outputGradient, ...rest }) => {
    const gradients = differentiate(
      arithmetic,
      { query, key, value },
      (t, given) => attendAll(t, { ...given, ...rest, emptyRow: 'zero' }),
      outputGradient,
    );
    return {
      queryGradient: gradients.query,
      keyGradient: gradients.key,
      valueGradient: gradients.value,
    };
  },
  (arithmetic, input) => {
    const { leading, queryLength, keyLength, width, allowed } = geometryOf(input);
    const [query, key, value, gradients] = [
      rowsOf(input.query),
      rowsOf(input.key),
      rowsOf(input.value),
      rowsOf(input.outputGradient),
    ];
    const scale = scaleOf(arithmetic, input.scale, width);
    const parts = blocksOf(leading).map((block) => {
      const queries = [block * queryLength, (block + 1) * queryLength] as const;
      const keys = [block * keyLength, (block + 1) * keyLength] as const;
      const heads = {
        query: query.slice(...queries),
        key: key.slice(...keys),
        scale,
        allowed: within(allowed, block),
      };
      return attentionBackward(
        arithmetic,
        heads,
        value.slice(...keys),
        gradients.slice(...queries),
      );
    });
    return {
      queryGradient: { shape: input.query.shape, data: parts.flatMap((part) => part.query.flat()) },
      keyGradient: { shape: input.key.shape, data: parts.flatMap((part) => part.key.flat()) },
      valueGradient: { shape: input.value.shape, data: parts.flatMap((part) => part.value.flat()) },
    };
  },
);
