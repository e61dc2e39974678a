import { version_core as version } from '@tensorflow/tfjs-core';
import { inProcess, type Entries, type Implementation } from '../../interface/implementation.ts';
import { registeredName, startBackend } from './backend.ts';
import { deviceOf, type Device } from './device.ts';
import { numericsOf, type Backend } from './numerics.ts';
import { sampling } from './sampling/index.ts';
import { attention } from './attention/index.ts';
import { layers } from './layers/index.ts';
import { embedding } from './embedding/index.ts';
import { models } from './models/index.ts';
import { training } from './training/index.ts';
import { similarity } from './similarity/index.ts';
import { indexes } from './indexes/index.ts';
import { accounting } from './accounting/index.ts';
import { text } from './text/index.ts';
import { retrieval } from './retrieval/index.ts';
import { artifacts } from './artifacts/index.ts';

const entriesOn = (device: Device): Entries => ({
  ...sampling(device),
  ...attention(device),
  ...layers(device),
  ...embedding(device),
  ...models(device),
  ...training(device),
  ...similarity(device),
  ...indexes(device),
  ...accounting,
  ...text,
  ...retrieval(device),
  ...artifacts,
});

/**
 * The bundled fast implementation: TensorFlow.js on one of its backends, its known defects composed
 * around (see README.md).
 *
 * @throws BrokenBackend when a backend's package is not installed, or the backend does not start
 */
export async function tfjs(backend: Backend): Promise<Implementation> {
  await startBackend(backend);
  const device = deviceOf(registeredName[backend], numericsOf[backend]);
  const name = backend === 'wasm' ? 'tfjs' : `tfjs-${backend}`;
  return inProcess({ name, version, entries: entriesOn(device) });
}
