import { decoderLayer as spec } from '../../spec/models/decoderLayer.ts';
import { reference } from '../reference.ts';
import { crossAttentionLayer } from './blocks.ts';

export const decoderLayer = reference(spec, (arithmetic, { input, memory, weights, ...how }) => ({
  output: crossAttentionLayer(arithmetic, input, memory, weights, how),
}));
