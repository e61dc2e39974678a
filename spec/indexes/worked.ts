import { tensor } from '../tensor.ts';

const [chunks, width, prototypes] = [8, 96, 4];
const repeated = (value: number): readonly number[] => new Array<number>(width).fill(value);

/** Every component of chunk m is m/10, every component of prototype k is k/4: the codes can be told in the head. */
export const chunked = {
  title: '768 dimensions in 8 chunks of 96, after the notes',
  remark:
    'Each component of chunk m is m/10, and each of prototype k is k/4. The notes have 256 prototypes; 4 are enough to see how one is chosen.',
  input: {
    codebooks: tensor(
      'float64',
      [chunks, prototypes, width],
      Array.from({ length: chunks }, () =>
        Array.from({ length: prototypes }, (_, k) => repeated(k / 4)),
      ).flat(2),
    ),
    vectors: tensor(
      'float64',
      [1, chunks * width],
      Array.from({ length: chunks }, (_, m) => repeated(m / 10)).flat(),
    ),
  },
};
