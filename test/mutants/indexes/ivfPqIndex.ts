import { indexOf, type Collection } from '../../../conformance/implementations/collection.ts';
import type { PqOpening } from '../../../spec/indexes/decoded.ts';
import { tensor } from '../../../spec/tensor.ts';
import { openTable } from '../../honest/indexes/flatIndex.ts';
import { ivfPqIndex as honest, openCodes } from '../../honest/indexes/ivfPq.ts';
import { float32, unitOf, type Unit } from '../../honest/machine.ts';
import { nearestNeighbors } from '../../honest/similarity/nearestNeighbors.ts';
import type { Mutants } from '../mutant.ts';
import { codeFaults } from './codeFaults.ts';
import { indexFaults } from './faults.ts';
import { merged } from './merged.ts';

const unit = unitOf(float32);

/** What is added after the first search is kept whole, and found beside codes. */
const mixed =
  (machine: Unit) =>
  (opening: PqOpening): Collection => {
    const codes = openCodes(machine)(opening);
    const whole = openTable(nearestNeighbors(machine))(opening);
    return merged(codes, whole, opening);
  };

/** The second best to the one after the kth, where there are so many. */
const skipping = (opening: PqOpening): Collection => {
  const collection = openCodes(unit)(opening);
  return {
    ...collection,
    search: async (question) => {
      const { ids, scores } = await collection.search({ ...question, k: question.k + 1 });
      const first = (list: { readonly length: number }): number =>
        list.length > question.k ? 1 : 0;
      return {
        ids: ids.map((list) => list.slice(first(list))),
        scores: scores.map(({ dtype, data }) => {
          const left = data.slice(first(data));
          return tensor(dtype, [left.length], left);
        }),
      };
    },
  };
};

export const ivfPqIndex: Mutants<'ivfPqIndex'> = {
  honest: honest(unit),
  mutants: [
    ...indexFaults<'ivfPqIndex', PqOpening>(openCodes(unit), indexOf),
    ...codeFaults.map(({ id, defect, wrong, change }) => ({
      id,
      defect,
      wrong,
      run: indexOf(openCodes(unit, change)),
    })),
    {
      id: 'skips-the-best',
      defect: 'classic',
      wrong: 'leaves the best out where there are more than k',
      run: indexOf(skipping),
    },
    {
      id: 'exact-beside-codes',
      defect: 'index-ivf-pq-07',
      wrong: 'merges exact distances of what came after a search with those of codes',
      run: indexOf(mixed(unit)),
    },
  ],
};
