import { flatIndex } from './flatIndex.ts';
import { hnswIndex } from './hnswIndex.ts';
import { ivfFlatIndex } from './ivfFlatIndex.ts';
import { ivfPqIndex } from './ivfPqIndex.ts';
import { pqTrain } from './pqTrain.ts';
import { pqEncode } from './pqEncode.ts';
import { pqDecode } from './pqDecode.ts';
import { pqDistances } from './pqDistances.ts';
import { scalarQuantize } from './scalarQuantize.ts';
import { scalarDequantize } from './scalarDequantize.ts';
import { kMeansStep } from './kMeansStep.ts';

/** To add a component: one file in this folder, one line in this list. */
export const indexes = {
  flatIndex,
  hnswIndex,
  ivfFlatIndex,
  ivfPqIndex,
  pqTrain,
  pqEncode,
  pqDecode,
  pqDistances,
  scalarQuantize,
  scalarDequantize,
  kMeansStep,
};
