import { hasFunctions, optionalPackage } from '../optional.ts';

/** What the package gives back for one query, or for several, padded to k. */
export interface Matches {
  readonly keys: BigUint64Array;
  readonly distances: Float32Array;
}
export interface BatchMatches {
  readonly get: (query: number) => Matches;
}
type Rows = readonly Float32Array[];

/** The class of an index, as far as it is used. */
export interface NativeIndex {
  readonly add: (keys: BigUint64Array, vectors: Rows, threads: number) => void;
  readonly remove: (keys: BigUint64Array) => unknown;
  readonly contains: (keys: BigUint64Array) => readonly boolean[];
  readonly search: (vectors: Rows, k: number, threads: number) => Matches | BatchMatches;
  readonly size: () => number;
  readonly save: (path: string) => void;
  readonly load: (path: string) => void;
}
export interface Settings {
  readonly dimensions: number;
  readonly metric: 'cos' | 'ip' | 'l2sq';
  readonly quantization: 'f32';
  readonly connectivity: number;
  readonly expansion_add: number;
  readonly expansion_search: number;
  readonly multi: false;
}

/** The part of the package that is used here. */
export interface Usearch {
  readonly Index: new (settings: Settings) => NativeIndex;
  readonly exactSearch: (
    dataset: Rows,
    queries: Rows,
    dimensions: number,
    count: number,
    metric: Settings['metric'],
    threads: number,
  ) => Matches | BatchMatches;
}

export const tried = '2.25.3';

const isUsearch = (loaded: unknown): loaded is Usearch =>
  hasFunctions(loaded, ['Index', 'exactSearch']);

/** @throws BrokenPackage when usearch is not installed, or does not load */
export const startUsearch = (): Promise<Usearch> =>
  optionalPackage({
    implementation: 'usearch',
    name: 'usearch',
    version: tried,
    is: isUsearch,
  });
