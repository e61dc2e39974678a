import { vi } from 'vitest';
import { conforms } from '../../conformance/vitest/index.ts';
import { softmax } from './softmax.ts';

vi.mock('../../conformance/checking/canary.ts', () => ({
  canary: () => {
    throw new Error('the canary did not sing');
  },
}));

conforms('softmax', softmax, { runs: 1 });
