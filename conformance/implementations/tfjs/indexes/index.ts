import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { flatIndex } from './flatIndex.ts';
import { ivfFlatIndex } from './ivfFlatIndex.ts';
import { ivfPqIndex } from './ivfPqIndex.ts';
import { pqTrain } from './pqTrain.ts';
import { pqEncode } from './pqEncode.ts';
import { pqDecode } from './pqDecode.ts';
import { pqDistances } from './pqDistances.ts';
import { scalarQuantize } from './scalarQuantize.ts';
import { scalarDequantize } from './scalarDequantize.ts';
import { kMeansStep } from './kMeansStep.ts';

export const indexes = (device: Device): Entries => ({
  flatIndex: flatIndex(device),
  ivfFlatIndex: ivfFlatIndex(device),
  ivfPqIndex: ivfPqIndex(device),
  pqTrain: pqTrain(device),
  pqEncode: pqEncode(device),
  pqDecode: pqDecode(device),
  pqDistances: pqDistances(device),
  scalarQuantize: scalarQuantize(device),
  scalarDequantize: scalarDequantize(device),
  kMeansStep: kMeansStep(device),
});
