import { inProcess, type Implementation } from '../../interface/implementation.ts';
import { hnswIndex } from './hnswIndex.ts';
import { nearestNeighbors } from './nearestNeighbors.ts';
import { startUsearch, tried, type Usearch } from './package.ts';

/** What the package offers, component by component. */
export const usearchOn = (usearch: Usearch): Implementation =>
  inProcess({
    name: 'usearch',
    version: tried,
    entries: { nearestNeighbors: nearestNeighbors(usearch), hnswIndex: hnswIndex(usearch) },
  });

/**
 * USearch in this process.
 *
 * @throws BrokenPackage when usearch is not installed, or does not load
 */
export const usearch = async (): Promise<Implementation> => usearchOn(await startUsearch());
