import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { indexSession } from '../../../conformance/implementations/collection.ts';
import { migrationOver } from '../../../conformance/implementations/migration.ts';
import { openTable } from '../indexes/flatIndex.ts';
import type { Unit } from '../machine.ts';
import { nearestNeighbors } from '../similarity/nearestNeighbors.ts';

/** Sound versions side by side, each in an index that looks at everything, on any machine. */
export const modelMigration = (unit: Unit): Kernel<'modelMigration'> =>
  migrationOver(indexSession(openTable(nearestNeighbors(unit))));
