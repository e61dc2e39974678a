import { version_core as version } from '@tensorflow/tfjs-core';
import { inProcess, type Entries, type Implementation } from '../../implementation.ts';
import { registeredName, startBackend } from './backend.ts';
import { deviceOf, type Device } from './device.ts';
import { numericsOf, type Backend } from './numerics.ts';
import { greedyToken } from './sampling/greedyToken.ts';
import { logSoftmax } from './sampling/logSoftmax.ts';
import { minP } from './sampling/minP.ts';
import { sampleToken } from './sampling/sampleToken.ts';
import { samplingDistribution } from './sampling/samplingDistribution.ts';
import { softmax } from './sampling/softmax.ts';
import { temperature } from './sampling/temperature.ts';
import { topK } from './sampling/topK.ts';
import { topP } from './sampling/topP.ts';

const entriesOn = (device: Device): Entries => ({
  softmax: softmax(device),
  logSoftmax: logSoftmax(device),
  temperature: temperature(device),
  topK: topK(device),
  topP: topP(device),
  minP: minP(device),
  samplingDistribution: samplingDistribution(device),
  sampleToken: sampleToken(device),
  greedyToken: greedyToken(device),
});

/**
 * The bundled fast implementation: TensorFlow.js on one of its backends, its known defects composed around (see README.md).
 *
 * @throws Error when a backend's package is not installed, or the backend does not start
 */
export async function tfjs(backend: Backend): Promise<Implementation> {
  await startBackend(backend);
  const device = deviceOf(registeredName[backend], numericsOf[backend]);
  const name = backend === 'wasm' ? 'tfjs' : `tfjs-${backend}`;
  return inProcess({ name, version, entries: entriesOn(device) });
}
