import { describe } from 'vitest';
import { Unsupported } from '../../conformance/interface/implementation.ts';
import { conforms } from '../../conformance/vitest/index.ts';
import { softmax } from './softmax.ts';

describe('no case', () => {
  conforms('softmax', () => Promise.reject(new Unsupported('not today')), { runs: 5 });
});

describe('rows alone', () => {
  conforms(
    'softmax',
    (input) => {
      if (input.logits.shape.length > 1) throw new Unsupported('one row alone');
      return softmax(input);
    },
    { runs: 10 },
  );
});
