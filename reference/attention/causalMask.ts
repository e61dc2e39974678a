import { causalMask as spec } from '../../spec/attention/causalMask.ts';
import { causallyAllowed } from '../../spec/attention/allowed.ts';
import { tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

export const causalMask = reference(spec, (_arithmetic, { queryLength, keyLength, alignment }) => ({
  mask: tensor(
    'bool',
    [queryLength, keyLength],
    Array.from({ length: queryLength * keyLength }, (_, i) =>
      Number(
        causallyAllowed(
          Math.floor(i / keyLength),
          i % keyLength,
          queryLength,
          keyLength,
          alignment,
        ),
      ),
    ),
  ),
}));
