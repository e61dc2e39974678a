import { float32, unitOf } from '../../honest/machine.ts';
import {
  expandedDistanceOf,
  squaredDistanceOf,
  squaredEuclideanDistance as honest,
} from '../../honest/similarity/squaredEuclideanDistance.ts';
import { withInput, type Mutants } from '../mutant.ts';
import { cut, narrow, ofRows, transposed, wholeGroups, type Row } from './couples.ts';

const unit = unitOf(float32);
const sound = honest(unit);
const squared = squaredDistanceOf(unit);
const differences = (x: Row, y: Row): Row => x.map((value, i) => unit.round(value - (y[i] ?? NaN)));

const kernel =
  (compute: (x: Row, y: Row) => number): Mutants<'squaredEuclideanDistance'>['honest'] =>
  (input) => ({ distance: ofRows(input, compute) });

export const squaredEuclideanDistance: Mutants<'squaredEuclideanDistance'> = {
  honest: sound,
  mutants: [
    {
      id: 'expanded',
      defect: 'index-brute-force-02',
      wrong: '‖a‖² + ‖b‖² − 2 a·b without saying so',
      run: kernel(expandedDistanceOf(unit)),
    },
    {
      id: 'root',
      defect: 'classic',
      wrong: 'takes the root',
      run: kernel((x, y) => unit.round(Math.sqrt(squared(x, y)))),
    },
    {
      id: 'magnitudes',
      defect: 'classic',
      wrong: 'sums magnitudes instead of squares',
      run: kernel((x, y) => unit.sum(differences(x, y).map(Math.abs))),
    },
    {
      id: 'squares-the-sum',
      defect: 'classic',
      wrong: 'sums before it squares',
      run: kernel((x, y) => unit.round(unit.sum(differences(x, y)) ** 2)),
    },
    {
      id: 'mean',
      defect: 'classic',
      wrong: 'divides by the number of components',
      run: kernel((x, y) => (x.length === 0 ? 0 : unit.round(squared(x, y) / x.length))),
    },
    {
      id: 'adds',
      defect: 'classic',
      wrong: 'squares the sums of the components',
      run: kernel((x, y) =>
        squared(
          x,
          y.map((value) => -value),
        ),
      ),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: kernel(squaredDistanceOf(narrow('float16'))),
    },
    {
      id: 'bfloat16-sum',
      defect: 'classic',
      wrong: 'sums in bfloat16',
      run: kernel((x, y) => narrow('bfloat16').dot(differences(x, y), differences(x, y))),
    },
    {
      id: 'bfloat16-inputs',
      defect: 'classic',
      wrong: 'cuts the inputs to bfloat16',
      run: kernel((x, y) => squared(cut(x, 'bfloat16'), cut(y, 'bfloat16'))),
    },
    {
      id: 'drops-remainder',
      defect: 'classic',
      wrong: 'leaves out what does not fill a group of four',
      run: kernel((x, y) => squared(wholeGroups(x, 4), y)),
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
      run: kernel((x, y) => squared(x, cut(y, 'bfloat16'))),
    },
  ],
};
