import type { HonestTable } from '../honest.ts';
import { linear } from './linear.ts';
import { feedForward } from './feedForward.ts';
import { relu } from './relu.ts';
import { gelu } from './gelu.ts';
import { silu } from './silu.ts';
import { layerNorm } from './layerNorm.ts';
import { rmsNorm } from './rmsNorm.ts';
import { addAndNorm } from './addAndNorm.ts';
import { dropout } from './dropout.ts';

export const layers: HonestTable = {
  linear: { kernel: linear },
  feedForward: { kernel: feedForward, numerics: { erf: { ulp: 1 } } },
  relu: { kernel: relu },
  gelu: { kernel: gelu, options: { form: ['exact', 'tanh'] }, numerics: { erf: { ulp: 1 } } },
  silu: { kernel: silu },
  layerNorm: { kernel: layerNorm, numerics: { algorithm: { variance: 'two-pass' } } },
  rmsNorm: { kernel: rmsNorm },
  addAndNorm: { kernel: addAndNorm, numerics: { algorithm: { variance: 'two-pass' } } },
  dropout: { kernel: dropout },
};
