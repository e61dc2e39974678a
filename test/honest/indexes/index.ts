import type { HonestTable } from '../honest.ts';
import { flatIndex } from './flatIndex.ts';
import { hnswIndex } from './hnsw.ts';
import { ivfFlatIndex } from './ivf.ts';
import { ivfPqIndex } from './ivfPq.ts';
import { pqTrain } from './pqTrain.ts';
import { pqEncode } from './pqEncode.ts';
import { pqDecode } from './pqDecode.ts';
import { pqDistances } from './pqDistances.ts';
import { scalarQuantize } from './scalarCodes.ts';
import { scalarDequantize } from './scalarCodes.ts';
import { kMeansStep } from './kMeansStep.ts';

export const indexes: HonestTable = {
  flatIndex: { kernel: flatIndex },
  hnswIndex: { kernel: hnswIndex },
  ivfFlatIndex: { kernel: ivfFlatIndex },
  ivfPqIndex: { kernel: ivfPqIndex },
  pqTrain: { kernel: pqTrain },
  pqEncode: { kernel: pqEncode },
  pqDecode: { kernel: pqDecode },
  pqDistances: { kernel: pqDistances },
  scalarQuantize: { kernel: scalarQuantize },
  scalarDequantize: { kernel: scalarDequantize },
  kMeansStep: { kernel: kMeansStep },
};
