import { float32, unitOf } from '../../honest/machine.ts';
import type { Measure, Row } from '../../honest/indexes/nearest.ts';
import {
  expandedDistanceOf,
  squaredDistanceOf,
} from '../../honest/similarity/squaredEuclideanDistance.ts';
import { cut, narrow, wholeGroups } from '../similarity/couples.ts';

export const unit = unitOf(float32);
export const squared = squaredDistanceOf(unit);
const { dot, round } = unit;

/** Ways of measuring how far a centroid is that are all wrong, and of which each is told apart by some input. */
export const wrongMeasures: Readonly<
  Record<string, { readonly defect: string; readonly wrong: string; readonly measure: Measure }>
> = {
  'length-not-squared': {
    defect: 'index-ivf-flat-05',
    wrong: '‖x‖² + ‖c‖ − 2 x·c: the length of the centroid is not squared',
    measure: (x, c) => round(round(dot(x, x) + round(Math.sqrt(dot(c, c)))) - round(2 * dot(x, c))),
  },
  'without-the-length': {
    defect: 'classic',
    wrong: 'leaves ‖c‖² out',
    measure: (x, c) => round(dot(x, x) - 2 * dot(x, c)),
  },
  expanded: {
    defect: 'index-brute-force-02',
    wrong: '‖x‖² + ‖c‖² − 2 x·c without saying so',
    measure: expandedDistanceOf(unit),
  },
  magnitudes: {
    defect: 'classic',
    wrong: 'sums magnitudes instead of squares',
    measure: (x, c) => unit.sum(x.map((value, i) => Math.abs(round(value - (c[i] ?? NaN))))),
  },
  'float16-sum': {
    defect: 'classic',
    wrong: 'sums in float16',
    measure: squaredDistanceOf(narrow('float16')),
  },
  'bfloat16-sum': {
    defect: 'classic',
    wrong: 'sums in bfloat16',
    measure: squaredDistanceOf(narrow('bfloat16')),
  },
  'bfloat16-inputs': {
    defect: 'classic',
    wrong: 'cuts the inputs to bfloat16',
    measure: (x, c) => squared(cut(x, 'bfloat16'), cut(c, 'bfloat16')),
  },
  'drops-remainder': {
    defect: 'classic',
    wrong: 'leaves out components that do not fill a group of four',
    measure: (x: Row, c: Row) => (x.length < 4 ? squared(x, c) : squared(wholeGroups(x, 4), c)),
  },
};
