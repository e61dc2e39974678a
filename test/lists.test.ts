import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { withLists } from '../conformance/interface/lists.ts';
import { roundingOf } from '../spec/numerics.ts';
import { fields, reals } from '../spec/schema.ts';

const schema = fields({ all: z.array(z.strictObject({ scores: reals('[n]', 'of each') })) });
const inFloat16 = roundingOf({ storage: 'float16' });

describe('a plain list of real numbers', () => {
  it('becomes a tensor of the storage, rounded to it', () => {
    expect(withLists(schema, { all: [{ scores: [1, 0.1, 'NaN'] }] }, inFloat16)).toEqual({
      all: [
        {
          scores: {
            dtype: 'float16',
            shape: [3],
            data: Float32Array.of(1, 0.0999755859375, NaN),
          },
        },
      ],
    });
  });

  it('stays what it is where it is none, or where the schema has no list', () => {
    const odd = { all: [{ scores: [1, 'much'] }], more: [1, 2] };
    expect(withLists(schema, odd, inFloat16)).toEqual(odd);
  });
});
