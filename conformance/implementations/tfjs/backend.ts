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

/**
 * A package that is not among the dependencies: few need it, or it cannot be installed everywhere.
 */
async function optional(name: string, purpose: string): Promise<object> {
  try {
    const loaded: unknown = await import(name);
    return typeof loaded === 'object' && loaded !== null ? loaded : {};
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isMissing = reason.startsWith(`Cannot find package '${name}'`);
    const problem = isMissing
      ? `is not installed: run npm install ${name}`
      : `could not be loaded: ${reason}`;
    throw new BrokenBackend(`${purpose} needs the package ${name}, which ${problem}`, { cause });
  }
}

/**
 * The WebAssembly files lie in the package: nothing is fetched. In Node, tfjs runs it in one thread
 * whatever is asked for.
 */
async function registerWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(entry)}${sep}`);
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
    'there is no adapter. Without a GPU, SwiftShader is one: apt-get install libvulkan1 chromium, ' +
    'and set VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json',
  native: 'its libtensorflow is missing: npm rebuild @tensorflow/tfjs-node downloads it',
};

async function start(backend: Backend): Promise<void> {
  tf.env().set('PROD', true); // no banner, no advice to install another backend
  await register[backend]();
  const name = registeredName[backend];
  if (tf.engine().registryFactory[name] === undefined || !(await tf.setBackend(name)))
    throw new BrokenBackend(`tfjs: its backend ${name} does not start: ${advice[backend]}`);
}

const started = new Map<Backend, Promise<void>>();

/** Loads and starts a backend, once in a process. */
export function startBackend(backend: Backend): Promise<void> {
  const known = started.get(backend) ?? start(backend);
  started.set(backend, known);
  return known;
}
