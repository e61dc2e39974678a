import type { Implementation } from '../implementation.ts';
import { quoted } from '../cli/text.ts';
import { inPackage } from '../root.ts';

/** An implementation, and what is odd about it and no verdict on a case. */
export type Started = Implementation & { readonly warnings?: readonly string[] };

/** Starts a program that speaks the adapter protocol. */
export async function startAdapter(command: string): Promise<Started> {
  const { startProcess } = await import('./process/index.ts');
  return startProcess(command);
}

/** An adapter that is shipped as a source file. */
const shipped =
  (program: string, ...path: readonly string[]) =>
  async (): Promise<Started> =>
    startAdapter(`exec ${program} ${quoted(inPackage('conformance', 'implementations', ...path))}`);

/** The numpy adapter, in the Python on the path or in Debian's: the first that has numpy. */
const numpy = async (): Promise<Started> => {
  const adapter = quoted(inPackage('conformance', 'implementations', 'python-numpy', 'adapter.py'));
  const tries = ['python3', '/usr/bin/python3'].map(
    (python) => `${python} -c 'import numpy' 2>/dev/null && exec ${python} ${adapter}`,
  );
  return startAdapter(
    [...tries, `echo 'no python3 with numpy: install Debian’s python3-numpy' >&2`, 'exit 1'].join(
      '; ',
    ),
  );
};

const onBackend = (backend: 'wasm' | 'cpu' | 'webgpu' | 'native') => async (): Promise<Started> => {
  const { tfjs } = await import('./tfjs/index.ts');
  return tfjs(backend);
};

/** The implementations that touchstone brings along, by name. Each is loaded when it is started. */
export const implementations: Readonly<Record<string, () => Promise<Started>>> = {
  tfjs: onBackend('wasm'),
  'tfjs-cpu': onBackend('cpu'),
  'tfjs-webgpu': onBackend('webgpu'),
  'tfjs-native': onBackend('native'),
  reference: async () => (await import('./reference/index.ts')).referenceImplementation(),
  'python-numpy': numpy,
  'javascript-template': shipped(quoted(process.execPath), 'process', 'template.mjs'),
};

export const defaultImplementation = 'tfjs';
