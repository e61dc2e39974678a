import { encoderLayer } from './encoderLayer.ts';
import { decoderLayer } from './decoderLayer.ts';
import { encoderDecoder } from './encoderDecoder.ts';
import { gpt } from './gpt.ts';
import { bert } from './bert.ts';
import { rnnCell } from './rnnCell.ts';
import { lstmCell } from './lstmCell.ts';

export const models = {
  encoderLayer,
  decoderLayer,
  encoderDecoder,
  gpt,
  bert,
  rnnCell,
  lstmCell,
};
