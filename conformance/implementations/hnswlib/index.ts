import { inProcess, type Implementation } from '../../interface/implementation.ts';
import { flatIndex } from './flatIndex.ts';
import { hnswIndex } from './hnswIndex.ts';
import { startHnswlib, tried, type Hnswlib } from './package.ts';

/** What the package offers, component by component. */
export const hnswlibOn = (hnswlib: Hnswlib): Implementation =>
  inProcess({
    name: 'hnswlib',
    version: tried,
    entries: { flatIndex: flatIndex(hnswlib), hnswIndex: hnswIndex(hnswlib) },
  });

/** The same graph, in which deleted points are replaced: all that differs is what is added after a removal. */
export const hnswlibReplacingOn = (hnswlib: Hnswlib): Implementation =>
  inProcess({
    name: 'hnswlib-replacing',
    version: tried,
    entries: { hnswIndex: hnswIndex(hnswlib, { replaceDeleted: true }) },
  });

/**
 * Hnswlib in this process.
 *
 * @throws BrokenPackage when hnswlib-node is not installed, or does not load
 */
export const hnswlib = async (): Promise<Implementation> => hnswlibOn(await startHnswlib());

/** @throws BrokenPackage when hnswlib-node is not installed, or does not load */
export const hnswlibReplacing = async (): Promise<Implementation> =>
  hnswlibReplacingOn(await startHnswlib());
