import { hasFunctions, optionalPackage } from '../optional.ts';

export type Space = 'l2' | 'ip' | 'cosine';

interface NativeResult {
  readonly neighbors: readonly number[];
  readonly distances: readonly number[];
}

/** What both classes of index have, as far as it is used. */
export interface NativeSearch {
  readonly searchKnn: (
    query: readonly number[],
    k: number,
    filter?: (label: number) => boolean,
  ) => NativeResult;
  readonly getMaxElements: () => number;
  readonly getCurrentCount: () => number;
  readonly writeIndexSync: (path: string) => void;
}
export interface NativeTable extends NativeSearch {
  readonly addPoint: (point: readonly number[], label: number) => void;
  readonly readIndexSync: (path: string) => void;
  readonly initIndex: (maxElements: number) => void;
  readonly removePoint: (label: number) => void;
}
export interface NativeGraph extends NativeSearch {
  readonly initIndex: (settings: {
    readonly maxElements: number;
    readonly m: number;
    readonly efConstruction: number;
    readonly randomSeed: number;
    readonly allowReplaceDeleted: boolean;
  }) => void;
  readonly addPoint: (point: readonly number[], label: number, replaceDeleted: boolean) => void;
  readonly readIndexSync: (path: string, allowReplaceDeleted: boolean) => void;
  readonly getPoint: (label: number) => readonly number[];
  readonly markDelete: (label: number) => void;
  readonly unmarkDelete: (label: number) => void;
  readonly getIdsList: () => readonly number[];
  readonly setEf: (ef: number) => void;
}

/** The part of the package that is used here. */
export interface Hnswlib {
  readonly BruteforceSearch: new (space: Space, dimensions: number) => NativeTable;
  readonly HierarchicalNSW: new (space: Space, dimensions: number) => NativeGraph;
}

export const tried = '3.0.0';

const isHnswlib = (loaded: unknown): loaded is Hnswlib =>
  hasFunctions(loaded, ['BruteforceSearch', 'HierarchicalNSW']);

/** The package is of CommonJS: what it exports is the default of the module. */
const isModule = (loaded: unknown): loaded is { readonly default: Hnswlib } =>
  typeof loaded === 'object' && loaded !== null && 'default' in loaded && isHnswlib(loaded.default);

/** @throws BrokenPackage when hnswlib-node is not installed, or does not load */
export const startHnswlib = async (): Promise<Hnswlib> => {
  const loaded = await optionalPackage({
    implementation: 'hnswlib',
    name: 'hnswlib-node',
    version: tried,
    is: isModule,
  });
  return loaded.default;
};
