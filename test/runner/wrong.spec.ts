import { conforms } from '../../conformance/vitest/index.ts';
import { unshiftedSoftmax } from './softmax.ts';

conforms('softmax', unshiftedSoftmax, { runs: 20 });
