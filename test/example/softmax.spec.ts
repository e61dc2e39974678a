import { describe } from 'vitest';
import { conforms } from 'touchstone/vitest';
import { softmax } from './softmax.js';

describe('my kernels', () => {
  conforms('softmax', softmax, {
    numerics: { order: 'sequential', exp: { ulp: 1 }, division: { ulp: 0.5 } },
  });
});
