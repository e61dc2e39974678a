import { float32, unitOf } from '../../honest/machine.ts';
import {
  distanceOf,
  euclideanDistance as honest,
} from '../../honest/similarity/euclideanDistance.ts';
import {
  expandedDistanceOf,
  squaredDistanceOf,
} from '../../honest/similarity/squaredEuclideanDistance.ts';
import { lastRepeated, withInput, type Mutants } from '../mutant.ts';
import {
  cut,
  longSums,
  narrow,
  ofRows,
  overflowing,
  transposed,
  wholeGroups,
  type Row,
} from './couples.ts';
import { greatestOf } from '../../../spec/extremes.ts';

const unit = unitOf(float32);
const sound = honest(unit);
const distance = distanceOf(unit);
const squared = squaredDistanceOf(unit);
const differences = (x: Row, y: Row): Row => x.map((value, i) => unit.round(value - (y[i] ?? NaN)));

const kernel =
  (compute: (x: Row, y: Row) => number): Mutants<'euclideanDistance'>['honest'] =>
  (input) => ({ distance: ofRows(input, compute) });

export const euclideanDistance: Mutants<'euclideanDistance'> = {
  honest: sound,
  mutants: [
    {
      id: 'expanded',
      defect: 'index-brute-force-02',
      wrong: 'the root of ‖a‖² + ‖b‖² − 2 a·b, which may be negative',
      run: kernel(distanceOf(unit, expandedDistanceOf(unit))),
    },
    {
      id: 'expanded-clamped',
      defect: 'index-brute-force-02',
      wrong: '‖a‖² + ‖b‖² − 2 a·b, at least 0, without saying so',
      run: kernel(distanceOf(unit, (x, y) => Math.max(0, expandedDistanceOf(unit)(x, y)))),
    },
    { id: 'squared', defect: 'classic', wrong: 'forgets the root', run: kernel(squared) },
    {
      id: 'float32-products',
      defect: 'classic',
      wrong: 'declares sums of float64, and makes products that overflow float32',
      numerics: longSums,
      run: kernel((x, y) => {
        const between = x.map((value, i) => value - (y[i] ?? NaN));
        return Math.sqrt(overflowing(between, between));
      }),
    },
    {
      id: 'magnitudes',
      defect: 'classic',
      wrong: 'sums magnitudes instead of squares',
      run: kernel((x, y) => unit.sum(differences(x, y).map(Math.abs))),
    },
    {
      id: 'largest',
      defect: 'classic',
      wrong: 'the largest difference',
      run: kernel((x, y) => Math.max(0, greatestOf(differences(x, y).map(Math.abs)))),
    },
    {
      id: 'root-mean-square',
      defect: 'classic',
      wrong: 'divides by the number of components',
      run: kernel((x, y) => (x.length === 0 ? 0 : unit.round(Math.sqrt(squared(x, y) / x.length)))),
    },
    {
      id: 'epsilon-under-root',
      defect: 'classic',
      wrong: 'adds 1e-6 under the root',
      run: kernel((x, y) => unit.round(Math.sqrt(squared(x, y) + 1e-6))),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: kernel((x, y) => distanceOf(unit, squaredDistanceOf(narrow('float16')))(x, y)),
    },
    {
      id: 'bfloat16-inputs',
      defect: 'classic',
      wrong: 'cuts the inputs to bfloat16',
      run: kernel((x, y) => distance(cut(x, 'bfloat16'), cut(y, 'bfloat16'))),
    },
    {
      id: 'drops-remainder',
      defect: 'classic',
      wrong: 'leaves out what does not fill a group of four',
      run: kernel((x, y) => distance(wholeGroups(x, 4), y)),
    },
    {
      id: 'wrong-axis',
      defect: 'classic',
      wrong: 'sums over the first axis of a square batch',
      run: withInput(sound, ({ a, b }) => ({ a: transposed(a), b: transposed(b) })),
    },
    {
      id: 'stored-in-bfloat16',
      defect: 'classic',
      wrong: 'keeps one of the two in bfloat16, as a store does',
      run: kernel((x, y) => unit.round(Math.sqrt(squared(x, cut(y, 'bfloat16'))))),
    },
    {
      id: 'stale-last-row',
      defect: 'classic',
      wrong: 'answers the last of several rows as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, a: lastRepeated(input.a) })),
    },
  ],
};
