import { greedyToken as spec } from '../../spec/sampling/greedyToken.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { greatest } from './greatest.ts';

export const greedyToken = reference(spec, (arithmetic, { logits }) => ({
  token: tensor(
    'int32',
    logits.shape.slice(0, -1),
    rowsOf(logits).map((row) => greatest(arithmetic, row)),
  ),
}));
