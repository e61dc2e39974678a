import { ivfPqIndex as spec } from '../../spec/indexes/ivfPqIndex.ts';
import { reference } from '../reference.ts';
import { searched } from './search.ts';

/** What it approximates, without any code. Codebooks are not seen: what scores come to is held to other scores, by what the spec admits. */
export const ivfPqIndex = reference(spec, (arithmetic, script, chosen) =>
  searched(arithmetic, script, chosen?.answers, true),
);
