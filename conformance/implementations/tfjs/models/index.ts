import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { encoderLayer } from './encoderLayer.ts';
import { decoderLayer } from './decoderLayer.ts';
import { encoderDecoder } from './encoderDecoder.ts';
import { gpt } from './gpt.ts';
import { bert } from './bert.ts';
import { rnnCell } from './rnnCell.ts';
import { lstmCell } from './lstmCell.ts';

export const models = (device: Device): Entries => ({
  encoderLayer: encoderLayer(device),
  decoderLayer: decoderLayer(device),
  encoderDecoder: encoderDecoder(device),
  gpt: gpt(device),
  bert: bert(device),
  rnnCell: rnnCell(device),
  lstmCell: lstmCell(device),
});
