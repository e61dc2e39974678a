import { flatIndex as spec } from '../../spec/indexes/flatIndex.ts';
import { reference } from '../reference.ts';
import { searched } from './search.ts';

export const flatIndex = reference(spec, (arithmetic, script, chosen) =>
  searched(arithmetic, script, chosen?.answers),
);
