import { createRequire } from 'node:module';
import type { Attribute, Graph, Kind } from './model.ts';
import { modelOf } from './model.ts';
import { exponentialsOf, type Exponentials } from './exponentials.ts';

/** The version that was tried. */
const tried = '1.30.0';
const packageName = 'onnxruntime-node';

/** The package is missing or does not load. Ends a run, as an adapter that does not start does. */
export class BrokenRuntime extends Error {
  override readonly name = 'AdapterBroken';
}

/** The part of onnxruntime-node that is used here: the package is no dependency, and so are its types. */
interface NativeTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}
interface NativeSession {
  readonly run: (
    feeds: Readonly<Record<string, NativeTensor>>,
  ) => Promise<Readonly<Record<string, NativeTensor>>>;
  readonly release: () => Promise<void>;
}
type Stored = Float32Array | Int32Array | Uint8Array | BigInt64Array;
interface Native {
  readonly env?: { readonly versions?: { readonly node?: unknown } };
  readonly Tensor: new (kind: Kind, data: Stored, shape: readonly number[]) => NativeTensor;
  readonly InferenceSession: {
    readonly create: (model: Uint8Array, options: object) => Promise<NativeSession>;
  };
}

const isNative = (loaded: unknown): loaded is Native =>
  typeof loaded === 'object' &&
  loaded !== null &&
  'Tensor' in loaded &&
  typeof loaded.Tensor === 'function' &&
  'InferenceSession' in loaded &&
  typeof loaded.InferenceSession === 'function' &&
  'create' in loaded.InferenceSession;

const versionOf = ({ env }: Native): string => {
  const node = env?.versions?.node;
  return typeof node === 'string' ? node : 'unknown';
};

const { resolve } = createRequire(import.meta.url);

function isInstalled(): boolean {
  try {
    return resolve(packageName) !== '';
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND');
  }
}

async function load(): Promise<Native> {
  const purpose = `the implementation onnxruntime needs the package ${packageName}, which`;
  try {
    const loaded: unknown = await import(packageName);
    if (isNative(loaded)) return loaded;
  } catch (cause) {
    const problem = isInstalled()
      ? `could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`
      : `is not installed: run npm install ${packageName}@${tried}`;
    throw new BrokenRuntime(`${purpose} ${problem}`, { cause });
  }
  throw new BrokenRuntime(`${purpose} has no sessions: ${tried} was tried`);
}

/** What goes into an operator. */
export interface Feed {
  readonly kind: Kind;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** What comes out of one. */
export interface Result {
  readonly shape: readonly number[];
  readonly data: Float32Array | readonly number[];
}

/** One operator with its attributes. An output that is not asked for has no kind. */
export interface Operation {
  readonly operator: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Left out: one output, of float32. */
  readonly outputs?: readonly (Kind | undefined)[];
}

export interface Runtime {
  readonly version: string;
  /** What its exponentials are good for, on this processor. */
  readonly exponentials: Exponentials;
  /** Runs one operator. An input that it does without is left undefined. */
  readonly apply: (
    operation: Operation,
    feeds: readonly (Feed | undefined)[],
  ) => Promise<readonly Result[]>;
  /** Opens a whole graph: to be fed by name, as often as one likes. */
  readonly open: (graph: Graph, options?: OpenOptions) => Promise<Opened>;
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  /** The constants that are handed over beside the graph. */
  readonly files?: Readonly<Record<string, Float32Array>>;
  readonly threads?: number;
}

export interface Opened {
  readonly run: (
    feeds: Readonly<Record<string, Feed>>,
  ) => Promise<Readonly<Record<string, Result>>>;
  readonly release: () => Promise<void>;
}

/** The array that a kind's elements are handed over in: the same one where it is that already. */
function stored({ kind, data }: Feed): Stored {
  switch (kind) {
    case 'float32':
      return data instanceof Float32Array ? data : Float32Array.from(data);
    case 'int32':
      return Int32Array.from(data);
    case 'int64':
      return BigInt64Array.from(Array.from(data, BigInt));
    case 'uint8':
    case 'bool':
      return Uint8Array.from(data);
  }
}

function numbersOf({ data }: NativeTensor): Result['data'] {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array) return Array.from(data, Number);
  if (data instanceof Int32Array || data instanceof Uint8Array) return Array.from(data);
  throw new TypeError('onnxruntime: an output is of no kind that is known here');
}

const resultsOf = (
  answer: Readonly<Record<string, NativeTensor>>,
): Readonly<Record<string, Result>> =>
  Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name,
      { shape: value.dims, data: numbersOf(value) },
    ]),
  );

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** A graph of one operator. Every length is symbolic, so that one session does for all inputs of the same ranks. */
export function graphOf(
  { operator, domain = '', attributes = {}, outputs = ['float32'] }: Operation,
  feeds: readonly (Feed | undefined)[],
): Graph {
  const [inputNames, outputNames] = [names('x', feeds.length), names('y', outputs.length)];
  return {
    inputs: feeds.flatMap((feed, i) =>
      feed === undefined
        ? []
        : [
            {
              name: inputNames[i] ?? '',
              kind: feed.kind,
              shape: names(`x${i}_`, feed.shape.length),
            },
          ],
    ),
    outputs: outputs.flatMap((kind, i) =>
      kind === undefined ? [] : [{ name: outputNames[i] ?? '', kind }],
    ),
    nodes: [
      {
        operator,
        domain,
        attributes,
        inputs: feeds.map((feed, i) => (feed === undefined ? '' : (inputNames[i] ?? ''))),
        outputs: outputs.map((kind, i) => (kind === undefined ? '' : (outputNames[i] ?? ''))),
      },
    ],
  };
}

/** Warnings are none of the reader's business, and inputs of single operators are too small to be split between threads. */
const quiet = { logSeverityLevel: 4, intraOpNumThreads: 1, interOpNumThreads: 1 };

/** Opens a session of a graph. */
const opener =
  ({ Tensor, InferenceSession }: Native): Runtime['open'] =>
  async (graph, { files = {}, threads = 1 } = {}) => {
    const externalData = Object.entries(files).map(
      ([path, { buffer, byteOffset, byteLength }]) => ({
        path,
        data: new Uint8Array(buffer, byteOffset, byteLength),
      }),
    );
    const options = { ...quiet, intraOpNumThreads: threads, externalData };
    const session = await InferenceSession.create(modelOf(graph), options);
    const tensorOf = (feed: Feed) => new Tensor(feed.kind, stored(feed), feed.shape);
    return {
      run: async (feeds) => {
        const fed = Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)]);
        return resultsOf(await session.run(Object.fromEntries(fed)));
      },
      release: () => session.release(),
    };
  };

/**
 * ONNX Runtime on its CPU, with as many sessions as there are operators, attributes and ranks that were asked for.
 *
 * @throws BrokenRuntime when the package is not installed, or does not load
 */
export async function startRuntime(): Promise<Runtime> {
  const native = await load();
  const open = opener(native);
  const sessions = new Map<string, Promise<Opened>>();
  const sessionOf = (graph: Graph): Promise<Opened> => {
    const key = JSON.stringify(graph);
    const known = sessions.get(key) ?? open(graph);
    sessions.set(key, known);
    return known;
  };
  const apply: Runtime['apply'] = async (operation, feeds) => {
    const graph = graphOf(operation, feeds);
    const session = await sessionOf(graph);
    const fed = feeds.flatMap((feed, i) => (feed === undefined ? [] : [[`x${i}`, feed] as const]));
    const answer = await session.run(Object.fromEntries(fed));
    return graph.outputs.flatMap(({ name }) => answer[name] ?? []);
  };
  return {
    version: versionOf(native),
    exponentials: await exponentialsOf(apply),
    open,
    apply,
    close: async () => {
      const opened = await Promise.allSettled(sessions.values());
      sessions.clear();
      for (const each of opened) if (each.status === 'fulfilled') await each.value.release();
    },
  };
}
