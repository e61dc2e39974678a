import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Backend } from './numerics.ts';

/** A backend that does not start here. Ends a run, as an adapter that does not start does. */
export class BrokenBackend extends Error {
  override readonly name = 'AdapterBroken';
}

/** The names by which tfjs knows them. */
export const registeredName: Readonly<Record<Backend, string>> = {
  wasm: 'wasm',
  cpu: 'cpu',
  webgpu: 'webgpu',
  native: 'tensorflow',
};

const { resolve } = createRequire(import.meta.url);

/** Those that were tried. A tfjs backend must have the version of the core. */
const versions = {
  webgpu: '0.6.2',
  '@tensorflow/tfjs-backend-webgpu': tf.version_core,
  '@tensorflow/tfjs-node': tf.version_core,
};

function isInstalled(name: string): boolean {
  try {
    return resolve(name) !== '';
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND');
  }
}

/**
 * A package that is not among the dependencies: few need it, or it cannot be installed everywhere.
 */
async function optional(name: keyof typeof versions, purpose: string): Promise<object> {
  try {
    const loaded: unknown = await import(name);
    return typeof loaded === 'object' && loaded !== null ? loaded : {};
  } catch (cause) {
    const problem = isInstalled(name)
      ? `could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`
      : `is not installed: run npm install ${name}@${versions[name]}`;
    throw new BrokenBackend(`${purpose} needs the package ${name}, which ${problem}`, { cause });
  }
}

/**
 * The WebAssembly files lie in the package: nothing is fetched. In Node, tfjs runs it in one thread
 * whatever is asked for.
 */
async function registerWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm'))}${sep}`);
}

const purpose = 'the WebGPU backend of tfjs';

/** Node has no WebGPU of its own: Dawn's is put where a browser has it, before tfjs looks there. */
async function registerWebgpu(): Promise<void> {
  const dawn = await optional('webgpu', purpose);
  if (!('create' in dawn && typeof dawn.create === 'function' && 'globals' in dawn))
    throw new BrokenBackend(`${purpose}: the package webgpu is not Dawn's`);
  Object.assign(globalThis, dawn.globals);
  const gpu: unknown = dawn.create([]);
  const known: unknown = Reflect.get(globalThis, 'navigator');
  const navigator = typeof known === 'object' && known !== null ? known : {};
  Reflect.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Reflect.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  await optional('@tensorflow/tfjs-backend-webgpu', purpose);
  tf.env().set('WEBGPU_CPU_FORWARD', false); // small operations too are done where it is claimed
}

const register: Readonly<Record<Backend, () => Promise<unknown>>> = {
  wasm: registerWasm,
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  webgpu: registerWebgpu,
  native: () => optional('@tensorflow/tfjs-node', 'the native backend of tfjs'),
};

const advice: Readonly<Record<Backend, string>> = {
  wasm: 'this Node has no WebAssembly',
  cpu: 'tfjs says no more',
  webgpu:
    'there is no adapter. Without a GPU SwiftShader is one: apt-get install libvulkan1 chromium, ' +
    'and set VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json',
  native: 'its libtensorflow is missing: npm rebuild @tensorflow/tfjs-node downloads it',
};

/**
 * Emscripten's start-up code (tfjs-wasm) makes itself the judge of all uncaught exceptions and
 * rejections of the process. Whoever embeds this has not asked for that: its listeners go again.
 */
async function withoutNewListeners<T>(run: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'];
  const emitter: NodeJS.EventEmitter = process;
  const before = new Set(events.flatMap((event) => emitter.listeners(event)));
  try {
    return await run();
  } finally {
    for (const event of events)
      for (const listener of emitter.listeners(event))
        if (!before.has(listener))
          Reflect.apply(emitter.removeListener, emitter, [event, listener]);
  }
}

async function start(backend: Backend): Promise<void> {
  tf.env().set('PROD', true); // no banner, no advice to install another backend
  await register[backend]();
  const name = registeredName[backend];
  const isThere = tf.engine().registryFactory[name] !== undefined;
  if (!isThere || !(await withoutNewListeners(() => tf.setBackend(name))))
    throw new BrokenBackend(`tfjs: its backend ${name} does not start: ${advice[backend]}`);
}

const started = new Map<Backend, Promise<void>>();

/** Loads and starts a backend, once in a process. */
export function startBackend(backend: Backend): Promise<void> {
  const known = started.get(backend) ?? start(backend);
  started.set(backend, known);
  return known;
}
