import { encoderLayer } from './encoderLayer.ts';
import { decoderLayer } from './decoderLayer.ts';
import { encoderDecoder } from './encoderDecoder.ts';
import { gpt } from './gpt.ts';
import { bert } from './bert.ts';
import { rnnCell } from './rnnCell.ts';
import { lstmCell } from './lstmCell.ts';

/** To add a component: one file in this folder, one line in this list. */
export const models = {
  encoderLayer,
  decoderLayer,
  encoderDecoder,
  gpt,
  bert,
  rnnCell,
  lstmCell,
};
