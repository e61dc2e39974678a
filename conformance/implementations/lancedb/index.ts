import { inProcess, type Implementation } from '../../interface/implementation.ts';
import { flatIndex } from './flatIndex.ts';
import { startLance, tried, type Lance } from './package.ts';

/** What a database offers, component by component. */
export const lancedbOn = (lance: Lance): Implementation =>
  inProcess({
    name: 'lancedb',
    version: tried,
    entries: { flatIndex: flatIndex(lance) },
    close: async () => lance.database.close(),
  });

/**
 * LanceDB in this process, in memory, with a table for each session.
 *
 * @throws BrokenPackage when lancedb is not installed, or does not load
 */
export const lancedb = async (): Promise<Implementation> => lancedbOn(await startLance());
