import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { linear } from './linear.ts';
import { feedForward } from './feedForward.ts';
import { relu } from './relu.ts';
import { gelu } from './gelu.ts';
import { silu } from './silu.ts';
import { layerNorm } from './layerNorm.ts';
import { rmsNorm } from './rmsNorm.ts';
import { addAndNorm } from './addAndNorm.ts';
import { dropout } from './dropout.ts';

export const layers = (device: Device): Entries => ({
  linear: linear(device),
  feedForward: feedForward(device),
  relu: relu(device),
  gelu: gelu(device),
  silu: silu(device),
  layerNorm: layerNorm(device),
  rmsNorm: rmsNorm(device),
  addAndNorm: addAndNorm(device),
  dropout: dropout(device),
});
