import type { HonestTable } from '../honest.ts';
import { encoderLayer } from './encoderLayer.ts';
import { decoderLayer } from './decoderLayer.ts';
import { encoderDecoder } from './encoderDecoder.ts';
import { gpt } from './gpt.ts';
import { bert } from './bert.ts';
import { rnnCell } from './cells.ts';
import { lstmCell } from './cells.ts';

export const models: HonestTable = {
  encoderLayer: {
    kernel: (unit) => encoderLayer(unit),
    options: { norm: ['post', 'pre'] },
    numerics: { erf: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  decoderLayer: {
    kernel: (unit) => decoderLayer(unit),
    options: { norm: ['post', 'pre'] },
    numerics: { erf: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  encoderDecoder: {
    kernel: (unit) => encoderDecoder(unit),
    numerics: { sinCos: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  gpt: {
    kernel: (unit) => gpt(unit),
    numerics: { erf: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  bert: {
    kernel: (unit) => bert(unit),
    numerics: { erf: { ulp: 1 }, algorithm: { variance: 'two-pass' } },
  },
  rnnCell: { kernel: rnnCell },
  lstmCell: { kernel: lstmCell },
};
