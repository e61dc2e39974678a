import { withOutput, type Mutants } from '../mutant.ts';

type WeightMemory = Mutants<'weightMemory'>['honest'];
const honest: WeightMemory = ({ parameters, bitsPerWeight }) => ({
  bytes: (parameters * bitsPerWeight) / 8,
});
const changed = (change: (bytes: number) => number): WeightMemory =>
  withOutput(honest, ({ bytes }) => ({ bytes: change(bytes) }));

export const weightMemory: Mutants<'weightMemory'> = {
  honest,
  mutants: [
    {
      id: 'bits-as-bytes',
      defect: 'classic',
      wrong: 'does not divide by 8',
      run: changed((bytes) => 8 * bytes),
    },
    {
      id: 'whole-bytes',
      defect: 'classic',
      wrong: 'drops a part of a byte',
      run: changed(Math.floor),
    },
    {
      id: 'filled-bytes',
      defect: 'classic',
      wrong: 'fills the last byte up',
      run: changed(Math.ceil),
    },
    {
      id: 'padded-weights',
      defect: 'classic',
      wrong: 'gives every weight whole bytes',
      run: ({ parameters, bitsPerWeight }) => ({
        bytes: parameters * Math.ceil(bitsPerWeight / 8),
      }),
    },
    {
      id: 'four-bytes',
      defect: 'classic',
      wrong: 'takes 4 bytes a weight, as the notes do',
      run: ({ parameters }) => ({ bytes: 4 * parameters }),
    },
    {
      id: 'wraps',
      defect: 'classic',
      wrong: 'multiplies in 32-bit integers',
      run: ({ parameters, bitsPerWeight }) => ({
        bytes: (Math.imul(parameters, bitsPerWeight) >>> 0) / 8,
      }),
    },
    { id: 'float32', defect: 'classic', wrong: 'multiplies in float32', run: changed(Math.fround) },
    {
      id: 'gibibytes',
      defect: 'classic',
      wrong: 'takes 1024 for 1000',
      run: changed((bytes) => (bytes / 1000 ** 3) * 1024 ** 3),
    },
  ],
};
