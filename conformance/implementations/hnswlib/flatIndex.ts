import type { Opening } from '../../../spec/indexes/script.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { Rejected, Unsupported, type Entry } from '../../interface/implementation.ts';
import { asked, complement, reading, storeIndex, written, type Store } from '../store.ts';
import type { Hnswlib } from './package.ts';
import { batch, searched, spaceOf } from './shared.ts';

/** Room for so many vectors, all of which a saved file holds. */
const most = 1024;

/** A k above the number of vectors ends the process, by an assertion; so it is lowered to that, and a table of none cannot be asked at all. */
const aborts = 'hnswlib-node ends the process that searches for more than there are';

/**
 * The package does not tell which ids are there, and removes an unknown one without a word: that all are there is known here, so that a removal
 * of several is all or nothing.
 */
const open = ({ BruteforceSearch }: Hnswlib, opening: Opening): Store => {
  const made = () => new BruteforceSearch(spaceOf(opening), opening.dimension);
  let index = made();
  index.initIndex(most);
  let there = new Set<number>();
  let saved = there;
  return {
    add: (input) =>
      asked(() => {
        batch(input);
        const { ids, vectors } = input;
        for (const [i, row] of rowsOf(vectors).entries()) index.addPoint([...row], ids[i] ?? -1);
        there = new Set([...there, ...ids]);
      }),
    remove: (ids) =>
      asked(() => {
        const unknown = ids.find((id) => !there.has(id));
        if (unknown !== undefined) throw new Rejected(`${unknown} is not there`);
        for (const id of ids) index.removePoint(id);
        there = new Set([...there].filter((id) => !ids.includes(id)));
      }),
    search: (question) =>
      asked(() => {
        const count = index.getCurrentCount();
        if (count === 0) throw new Unsupported(`${aborts} in a table of none`);
        return searched(index, opening, { ...question, k: Math.min(question.k, count) });
      }),
    count: () => index.getCurrentCount(),
    save: () => {
      saved = there;
      return written((path) => index.writeIndexSync(path));
    },
    load: (bytes) =>
      asked(() => {
        const loaded = made();
        reading(bytes, (path) => loaded.readIndexSync(path));
        index = loaded;
        there = saved;
      }),
  };
};

/** `BruteforceSearch`. */
export const flatIndex = (hnswlib: Hnswlib): Entry<'flatIndex'> => ({
  numerics: complement,
  run: storeIndex((opening: Opening) => open(hnswlib, opening)),
});
