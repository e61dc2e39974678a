import { linear } from './linear.ts';
import { feedForward } from './feedForward.ts';
import { relu } from './relu.ts';
import { gelu } from './gelu.ts';
import { silu } from './silu.ts';
import { layerNorm } from './layerNorm.ts';
import { rmsNorm } from './rmsNorm.ts';
import { addAndNorm } from './addAndNorm.ts';
import { dropout } from './dropout.ts';

export const layers = {
  linear,
  feedForward,
  relu,
  gelu,
  silu,
  layerNorm,
  rmsNorm,
  addAndNorm,
  dropout,
};
