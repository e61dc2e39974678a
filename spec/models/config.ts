import type { z } from 'zod';
import { positiveInteger, real } from '../schema.ts';
import { areRowsOf } from '../embedding/tokens.ts';
import type { FloatTensor, IntegerTensor } from '../tensor.ts';
import type { EncoderLayerWeights } from './weights.ts';

/** What is left to check of a model where its bound is no use. */
export const beyondTheBound =
  'where 16 bits are kept between many parts it may exceed the value or be infinite (table in spec/bounds/README.md), and shapes, special values and what bounds are left are all that is checked';

/** The sizes of a model. They are those of its weights. */
export const sizeFields = {
  vocabulary: positiveInteger('V, the tokens that there are'),
  context: positiveInteger('C, the positions that there are'),
  width: positiveInteger('D, the numbers that stand for a token'),
  layers: positiveInteger('how many layers follow one another'),
  heads: positiveInteger('attention heads, which share the width'),
  feedForwardWidth: positiveInteger('F, the numbers between the two maps of a feed-forward'),
};

/** What the norms of a model add to the variance. */
export const epsilonField = (value: number) =>
  real('a number ≥ 0', (x) => x >= 0 && x < Infinity, 'added to the variance').default(value);

/** The sizes of a model, as numbers. */
export interface ModelSizes {
  readonly vocabulary: number;
  readonly context: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForwardWidth: number;
}

/** What every model of learned positions is given. */
export interface ModelInput {
  readonly ids: IntegerTensor;
  readonly weights: {
    readonly tokenTable: FloatTensor;
    readonly positionTable: FloatTensor;
    readonly layers: readonly EncoderLayerWeights[];
  };
  readonly config: ModelSizes;
}

/** Something that is wrong with an input, and where it stands. */
export interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** That a size is another than that of the weights, or nothing. */
export const sizeFault = (
  config: object,
  field: string,
  actual: number | undefined,
  what: string,
): readonly Fault[] => {
  const said = new Map<string, unknown>(Object.entries(config)).get(field);
  return actual === undefined || said === actual
    ? []
    : [{ path: ['config', field], message: `expected ${actual}, ${what}, got ${String(said)}` }];
};

/** That ids are not rows of their table, or nothing. */
export const idFault = (field: string, ids: IntegerTensor, table: FloatTensor): readonly Fault[] =>
  areRowsOf(table, ids)
    ? []
    : [{ path: [field], message: `expected numbers from 0 to ${(table.shape[0] ?? 0) - 1}` }];

/** Everything about a model's input that its fields one by one do not say. */
export const modelFaults = ({ ids, weights, config }: ModelInput): readonly Fault[] => {
  const { tokenTable, positionTable, layers } = weights;
  return [
    ...(config.width % config.heads === 0
      ? []
      : [{ path: ['config', 'heads'], message: `expected a divisor of ${config.width}` }]),
    ...sizeFault(config, 'vocabulary', tokenTable.shape[0], 'the rows of weights.tokenTable'),
    ...sizeFault(config, 'context', positionTable.shape[0], 'the rows of weights.positionTable'),
    ...sizeFault(config, 'width', tokenTable.shape[1], 'the columns of weights.tokenTable'),
    ...sizeFault(config, 'layers', layers.length, 'the length of weights.layers'),
    ...sizeFault(
      config,
      'feedForwardWidth',
      layers[0]?.feedForward.weight1.shape[1],
      'the columns of weights.layers.0.feedForward.weight1',
    ),
    ...idFault('ids', ids, tokenTable),
    ...((ids.shape[1] ?? 0) <= (positionTable.shape[0] ?? 0)
      ? []
      : [
          {
            path: ['ids'],
            message: `expected at most ${positionTable.shape[0]} tokens a sequence`,
          },
        ]),
  ];
};

/** Reports what is wrong with a value that has the right fields. */
export const faultless =
  <T>(faultsOf: (value: T) => readonly Fault[]) =>
  (value: T, context: z.RefinementCtx): void => {
    for (const { path, message } of faultsOf(value))
      context.addIssue({ code: 'custom', path, message });
  };
