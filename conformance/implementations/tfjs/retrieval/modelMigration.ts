import type { Entry } from '../../../interface/implementation.ts';
import { indexSession } from '../../collection.ts';
import { migrationOver } from '../../migration.ts';
import type { Device } from '../device.ts';
import { openOn } from '../indexes/flatIndex.ts';

/** A bundled flat index for each version. */
export const modelMigration = (device: Device): Entry<'modelMigration'> => ({
  numerics: device.numerics,
  run: migrationOver(indexSession(openOn(device))),
});
