import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { bestOf, filtered, likely, nucleus } from './filtered.ts';

export const samplingDistribution = (device: Device): Entry<'samplingDistribution'> => ({
  numerics: device.numerics,
  options: { order: ['temperatureFirst', 'temperatureLast'] },
  run: async ({ logits, temperature, topK, topP, minP, order }) =>
    filtered(device, logits, {
      filters: [
        ...(topK === undefined ? [] : [bestOf(topK, 'any')]),
        ...(topP === undefined ? [] : [nucleus(topP, 'include')]),
        ...(minP === undefined ? [] : [likely(minP)]),
      ],
      temperature,
      temperFirst: order === 'temperatureFirst',
    }),
});
