import { hnswIndex as spec } from '../../spec/indexes/hnswIndex.ts';
import { reference } from '../reference.ts';
import { searched } from './search.ts';

/** What it approximates, and is exact where it promises to be. */
export const hnswIndex = reference(spec, (arithmetic, script, chosen) =>
  searched(arithmetic, script, chosen?.answers),
);
