import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { causallyAllowed } from '../../../spec/attention/allowed.ts';
import { tensor } from '../../../spec/tensor.ts';
import type { Input } from '../../../spec/index.ts';
import type { Mutants } from '../mutant.ts';

const masking =
  (allowed: (i: number, j: number, input: Input<'causalMask'>) => boolean): Kernel<'causalMask'> =>
  (input) => ({
    mask: tensor(
      'bool',
      [input.queryLength, input.keyLength],
      Array.from({ length: input.queryLength * input.keyLength }, (_, at) =>
        Number(allowed(Math.floor(at / input.keyLength), at % input.keyLength, input)),
      ),
    ),
  });
const right = (i: number, j: number, { queryLength, keyLength, alignment }: Input<'causalMask'>) =>
  causallyAllowed(i, j, queryLength, keyLength, alignment);

export const causalMask: Mutants<'causalMask'> = {
  honest: masking(right),
  options: { alignment: ['bottomRight', 'topLeft'] },
  mutants: [
    {
      id: 'strict',
      defect: 'classic',
      wrong: 'a token does not see itself',
      run: masking((i, j, input) => right(i, j, input) && !right(i - 1, j, input)),
    },
    {
      id: 'excludes-diagonal',
      defect: 'classic',
      wrong: 'j < i instead of j ≤ i',
      run: masking((i, j, input) => right(i - 1, j, input)),
    },
    {
      id: 'one-ahead',
      defect: 'classic',
      wrong: 'a token sees the next one',
      run: masking((i, j, input) => right(i + 1, j, input)),
    },
    {
      id: 'transposed',
      defect: 'classic',
      wrong: 'sees the future instead of the past',
      run: masking((i, j, input) => !right(i - 1, j, input)),
    },
    {
      id: 'other-corner',
      defect: 'classic',
      wrong: 'aligns at the other corner',
      run: masking((i, j, { alignment, ...input }) =>
        right(i, j, { ...input, alignment: alignment === 'topLeft' ? 'bottomRight' : 'topLeft' }),
      ),
    },
    {
      id: 'never-empty',
      defect: 'attention-causal-02',
      wrong: 'gives the first queries a key where they have none',
      run: masking((i, j, input) => right(i, j, input) || (j === 0 && !right(i, 0, input))),
    },
    {
      id: 'window',
      defect: 'attention-causal-03',
      wrong: 'a sliding window of four tokens',
      run: masking((i, j, input) => right(i, j, input) && !right(i - 5, j, input)),
    },
    {
      id: 'inverted',
      defect: 'classic',
      wrong: 'true means masked',
      run: masking((i, j, input) => !right(i, j, input)),
    },
  ],
};
