import { encoderLayer as spec } from '../../spec/models/encoderLayer.ts';
import { reference } from '../reference.ts';
import { selfAttentionLayer } from './blocks.ts';

export const encoderLayer = reference(spec, (arithmetic, { input, weights, ...how }) => ({
  output: selfAttentionLayer(arithmetic, input, weights, { ...how, causal: false }),
}));
