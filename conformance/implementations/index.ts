import type { Implementation } from '../interface/implementation.ts';
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

/** The adapter for a Python module, in the first Python that has it. */
const inPython =
  (module: string, folder = `python-${module}`) =>
  async (): Promise<Started> => {
    const { moduleCommand } = await import('./python.ts');
    return startAdapter(moduleCommand(module, folder));
  };

const sqliteVec = async (): Promise<Started> =>
  startAdapter(await (await import('./sqlite-vec/index.ts')).command());

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
  onnxruntime: async () => (await import('./onnxruntime/index.ts')).onnxruntime(),
  usearch: async () => (await import('./usearch/index.ts')).usearch(),
  hnswlib: async () => (await import('./hnswlib/index.ts')).hnswlib(),
  'hnswlib-replacing': async () => (await import('./hnswlib/index.ts')).hnswlibReplacing(),
  pgvector: async () => (await import('./pgvector/index.ts')).pgvector(),
  lancedb: async () => (await import('./lancedb/index.ts')).lancedb(),
  tiktoken: async () => (await import('./tiktoken/index.ts')).tiktoken(),
  'gpt-tokenizer': async () => (await import('./gpt-tokenizer/index.ts')).gptTokenizer(),
  huggingface: async () => (await import('./huggingface/index.ts')).huggingface(),
  faiss: inPython('faiss', 'faiss'),
  'python-hnswlib': inPython('hnswlib'),
  'python-sentencepiece': inPython('sentencepiece'),
  'sqlite-vec': sqliteVec,
  reference: async () => (await import('./reference/index.ts')).referenceImplementation(),
  'python-numpy': inPython('numpy'),
  'python-torch': inPython('torch'),
  'javascript-template': shipped(quoted(process.execPath), 'process', 'template.mjs'),
};

/** Where what is known to be wrong with an implementation is listed, if anything is. */
export const shippedKnownFailures = (name: string): string | undefined =>
  Object.hasOwn(implementations, name)
    ? inPackage('conformance', 'implementations', name, 'known-failures.json')
    : undefined;

export const defaultImplementation = 'tfjs';
