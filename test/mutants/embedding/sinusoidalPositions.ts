import { roundTo } from '../../../spec/format.ts';
import { rearranged } from '../../../spec/laws.ts';
import { tensor } from '../../../spec/tensor.ts';
import { sinusoidalPositions as honest } from '../../honest/embedding/sinusoidalPositions.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const sound = honest(unitOf(float32));
type Kernel = Mutants<'sinusoidalPositions'>['honest'];

interface Place {
  readonly t: number;
  readonly column: number;
  readonly width: number;
  readonly base: number;
}

const angleAt = ({ t, column, width, base }: Place): number =>
  t / base ** ((column - (column % 2)) / width);
const waveAt = (place: Place): number =>
  place.column % 2 === 0 ? Math.sin(angleAt(place)) : Math.cos(angleAt(place));

/** One number at a time. */
const made =
  (compute: (place: Place) => number): Kernel =>
  ({ length, width, base }) => ({
    positions: tensor(
      'float32',
      [length, width],
      Array.from({ length: length * width }, (_, at) =>
        compute({ t: Math.floor(at / width), column: at % width, width, base }),
      ),
    ),
  });

/** A sine or cosine by the column, of another angle. */
const ofAngle = (compute: (place: Place) => number): Kernel =>
  made((place) => (place.column % 2 === 0 ? Math.sin(compute(place)) : Math.cos(compute(place))));

export const sinusoidalPositions: Mutants<'sinusoidalPositions'> = {
  honest: sound,
  mutants: [
    {
      id: 'two-blocks',
      defect: 'positional-sinusoidal-01',
      wrong: 'all sines, then all cosines',
      run: withOutput(sound, ({ positions }, { width }) => ({
        positions: rearranged(positions, positions.shape, (i) => {
          const column = i % width;
          const sines = Math.ceil(width / 2);
          return i - column + (column < sines ? 2 * column : 2 * (column - sines) + 1);
        }),
      })),
    },
    {
      id: 'odd-width-cut',
      defect: 'positional-sinusoidal-02',
      wrong: 'leaves the last column of an odd width empty',
      run: made((place) =>
        place.width % 2 === 1 && place.column === place.width - 1 ? 0 : waveAt(place),
      ),
    },
    {
      id: 'odd-width-frequencies',
      defect: 'positional-sinusoidal-02',
      wrong: 'takes the frequencies of the even width above',
      run: ofAngle((place) => angleAt({ ...place, width: place.width + (place.width % 2) })),
    },
    {
      id: 'cosine-first',
      defect: 'classic',
      wrong: 'cosines in even columns',
      run: made((place) =>
        place.column % 2 === 0 ? Math.cos(angleAt(place)) : Math.sin(angleAt(place)),
      ),
    },
    {
      id: 'half-exponent',
      defect: 'classic',
      wrong: 'an exponent of i/D',
      run: ofAngle(({ t, column, width, base }) => t / base ** (Math.floor(column / 2) / width)),
    },
    {
      id: 'own-exponent',
      defect: 'classic',
      wrong: 'another angle for the cosine: an exponent of j/D in column j',
      run: ofAngle(({ t, column, width, base }) => t / base ** (column / width)),
    },
    {
      id: 'end-to-end',
      defect: 'classic',
      wrong: 'an exponent of i/(D/2 − 1), so that the last wave is the longest',
      run: ofAngle(
        ({ t, column, width, base }) =>
          t / base ** (Math.floor(column / 2) / Math.max(1, Math.ceil(width / 2) - 1)),
      ),
    },
    {
      id: 'inverted',
      defect: 'classic',
      wrong: 'multiplies by base^(2i/D)',
      run: ofAngle(({ t, column, width, base }) => t * base ** ((column - (column % 2)) / width)),
    },
    {
      id: 'counts-from-one',
      defect: 'classic',
      wrong: 'the first position is 1',
      run: made((place) => waveAt({ ...place, t: place.t + 1 })),
    },
    {
      id: 'base-built-in',
      defect: 'classic',
      wrong: 'a base of 10000 whatever is asked for',
      run: withInput(sound, (input) => ({ ...input, base: 10000 })),
    },
    {
      id: 'bfloat16-positions',
      defect: 'classic',
      wrong: 'keeps positions in bfloat16',
      run: made((place) => waveAt({ ...place, t: roundTo(place.t, 'bfloat16') })),
    },
    {
      id: 'float16-angles',
      defect: 'classic',
      wrong: 'keeps angles in float16',
      run: ofAngle((place) => roundTo(angleAt(place), 'float16')),
    },
    {
      id: 'turns',
      defect: 'classic',
      wrong: 'takes angles for degrees',
      run: ofAngle((place) => (angleAt(place) * Math.PI) / 180),
    },
    {
      id: 'one-position-less',
      defect: 'classic',
      wrong: 'leaves out the last position',
      run: withInput(sound, (input) => ({ ...input, length: Math.max(0, input.length - 1) })),
    },
  ],
};
