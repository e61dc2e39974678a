import { clippedGradient } from '../classics.ts';
import { roundTo } from '../../../spec/format.ts';
import { rearranged } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  assembled,
  attentionGradient as honest,
  scoresOf,
  separately,
  type Backward,
  type Block,
} from '../../honest/training/attentionGradient.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const plain = (block: Block): Backward => separately(unit, block);
const sound = honest(unit, (_unit, block) => plain(block));

/** A kernel whose blocks are changed, or whose parts are. */
const made = (backward: (block: Block) => Backward): Mutants<'attentionGradient'>['honest'] =>
  honest(unit, (_unit, block) => backward(block));

/** A kernel that puts probabilities and score gradients together in another way. */
const put = (
  assemble: (
    block: Block,
    parts: Backward,
    sound: ReturnType<ReturnType<typeof assembled>>,
  ) => Partial<ReturnType<ReturnType<typeof assembled>>>,
): Mutants<'attentionGradient'>['honest'] =>
  honest(
    unit,
    (_unit, block) => plain(block),
    (block, parts, widths) => {
      const right = assembled(unit)(block, parts, widths);
      return { ...right, ...assemble(block, parts, right) };
    },
  );

const everywhere = (block: Block): Block => ({ ...block, allowed: () => true });
const total = (terms: readonly number[], round = f): number =>
  terms.reduce((sum, x) => round(sum + x), 0);

/** Probabilities over the keys that are allowed, the gradients of the scores as if all were. */
const unmaskedScores = (block: Block): Backward => {
  const { probabilities } = plain(block);
  return { probabilities, scores: plain(everywhere(block)).scores };
};

/** e^(s − l) with the log-sum-exp of the row before. */
const staleSums = (block: Block): Backward => {
  const sums = block.query.map((_, i) => {
    const scores = scoresOf(unit, block, i);
    return Math.log(scores.reduce((sum, s) => sum + Math.exp(s), 0));
  });
  const probabilities = block.query.map((_, i) =>
    scoresOf(unit, block, i).map((s) =>
      s === -Infinity ? 0 : f(Math.exp(s - (sums[Math.max(0, i - 1)] ?? 0))),
    ),
  );
  return { ...plain(block), probabilities };
};

export const attentionGradient: Mutants<'attentionGradient'> = {
  honest: sound,
  options: { alignment: ['bottomRight', 'topLeft'] },
  mutants: [
    {
      id: 'no-row-sum',
      defect: 'classic',
      wrong: 'dS = P dP, without the row sum',
      run: made((block) =>
        separately(unit, block, (p, slopes) => p.map((x, j) => f(x * (slopes[j] ?? NaN)))),
      ),
    },
    {
      id: 'row-sum-without-probabilities',
      defect: 'classic',
      wrong: 'subtracts Σ dP instead of Σ P dP',
      run: made((block) =>
        separately(unit, block, (p, slopes) => {
          const sum = total(slopes.map((x, j) => (p[j] === 0 ? 0 : x)));
          return p.map((x, j) => f(x * f((slopes[j] ?? NaN) - sum)));
        }),
      ),
    },
    {
      id: 'no-scale',
      defect: 'classic',
      wrong: 'forgets the scale in the gradients of queries and keys',
      run: honest(
        unit,
        (_unit, block) => plain(block),
        (block, parts, widths) => assembled(unit)({ ...block, scale: 1 }, parts, widths),
      ),
    },
    {
      id: 'no-scale-for-keys',
      defect: 'classic',
      wrong: 'scales the gradient of the queries alone',
      run: put((block, parts) => ({
        key: block.key.map((key, j) =>
          key.map((_x, c) =>
            unit.dot(
              parts.scores.map((row) => row[j] ?? NaN),
              block.query.map((row) => row[c] ?? NaN),
            ),
          ),
        ),
      })),
    },
    {
      id: 'scale-of-model',
      defect: 'attention-sdpa-06',
      wrong: 'scales by 1/√(2D), the width of all heads',
      run: withInput(sound, (input) => ({
        ...input,
        scale: input.scale ?? 1 / Math.sqrt(2 * (input.query.shape.at(-1) ?? 1)),
      })),
    },
    {
      id: 'inverse-scale',
      defect: 'attention-sdpa-09',
      wrong: 'multiplies by √D',
      run: withInput(sound, (input) => ({
        ...input,
        scale: input.scale ?? Math.sqrt(input.query.shape.at(-1) ?? 1),
      })),
    },
    {
      id: 'keys-for-queries',
      defect: 'classic',
      wrong: 'dK = dSᵀ K where there are as many keys as queries',
      run: put((block, parts, right) =>
        block.key.length === block.query.length
          ? {
              key: right.key.map((row, j) =>
                row.map((_x, c) =>
                  f(
                    unit.dot(
                      parts.scores.map((scores) => scores[j] ?? NaN),
                      block.key.map((key) => key[c] ?? NaN),
                    ) * block.scale,
                  ),
                ),
              ),
            }
          : {},
      ),
    },
    {
      id: 'scores-transposed',
      defect: 'classic',
      wrong: 'dV = P g instead of Pᵀ g where there are as many keys as queries',
      run: put((block, parts, right) =>
        block.key.length === block.query.length
          ? {
              value: right.value.map((row, j) =>
                row.map((_x, c) =>
                  unit.dot(
                    parts.probabilities[j] ?? [],
                    block.gradients.map((g) => g[c] ?? NaN),
                  ),
                ),
              ),
            }
          : {},
      ),
    },
    {
      id: 'mask-not-applied',
      defect: 'classic',
      wrong: 'computes the probabilities anew without the mask',
      run: made((block) => plain(everywhere(block))),
    },
    {
      id: 'scores-unmasked',
      defect: 'classic',
      wrong: 'applies the mask in the forward pass alone, not to the gradients of the scores',
      run: made(unmaskedScores),
    },
    {
      id: 'mask-of-small-number',
      defect: 'attention-sdpa-04',
      wrong: 'a masked score is 0 instead of −∞',
      run: made((block) =>
        separately(unit, block, undefined, (own, part, i) =>
          scoresOf(own, part, i).map((s) => (s === -Infinity ? 0 : s)),
        ),
      ),
    },
    {
      id: 'other-corner',
      defect: 'classic',
      wrong: 'joins the causal mask at the other corner',
      run: withInput(sound, (input) => ({
        ...input,
        alignment: input.alignment === 'topLeft' ? 'bottomRight' : 'topLeft',
      })),
    },
    {
      id: 'empty-is-uniform',
      defect: 'attention-causal-02',
      wrong: 'a query without keys spreads its gradient over all values',
      run: made((block) => {
        const parts = plain(block);
        return {
          ...parts,
          probabilities: parts.probabilities.map((row) =>
            row.every((x) => x === 0) ? row.map(() => f(1 / row.length)) : row,
          ),
        };
      }),
    },
    {
      id: 'stale-log-sum',
      defect: 'classic',
      wrong: 'takes the log-sum-exp of the query before',
      run: made(staleSums),
    },
    {
      id: 'last-block-of-queries-lost',
      defect: 'gradients-02',
      wrong: 'adds up the full blocks of two queries only for the values',
      run: put((block, parts, right) => {
        const full = block.query.length < 2 ? 1 : block.query.length & ~1;
        return {
          value: right.value.map((row, j) =>
            row.map((_x, c) =>
              unit.dot(
                parts.probabilities.slice(0, full).map((p) => p[j] ?? NaN),
                block.gradients.slice(0, full).map((g) => g[c] ?? NaN),
              ),
            ),
          ),
        };
      }),
    },
    {
      id: 'key-overwritten',
      defect: 'embedding-lookup-02',
      wrong: 'the last query overwrites the gradients of the keys',
      run: put((block, parts) => ({
        key: block.key.map((key, j) =>
          key.map((_x, c) =>
            f(f((parts.scores.at(-1)?.[j] ?? 0) * (block.query.at(-1)?.[c] ?? 0)) * block.scale),
          ),
        ),
      })),
    },
    {
      id: 'bfloat16-probabilities',
      defect: 'classic',
      wrong: 'casts the probabilities to bfloat16 without saying so',
      run: made((block) => {
        const parts = plain(block);
        return {
          ...parts,
          probabilities: parts.probabilities.map((row) => row.map((p) => roundTo(p, 'bfloat16'))),
        };
      }),
    },
    {
      id: 'first-block',
      defect: 'classic',
      wrong: 'every block takes the keys of the first',
      run: withInput(sound, (input) => {
        const size = (input.key.shape.at(-2) ?? 1) * (input.key.shape.at(-1) ?? 1);
        return {
          ...input,
          key: rearranged(input.key, input.key.shape, (i) => i % Math.max(1, size)),
        };
      }),
    },
    {
      id: 'values-for-keys',
      defect: 'classic',
      wrong: 'gradients of keys and values in each other’s place where they have one shape',
      run: withOutput(sound, (output) =>
        output.keyGradient.shape.join() === output.valueGradient.shape.join()
          ? { ...output, keyGradient: output.valueGradient, valueGradient: output.keyGradient }
          : output,
      ),
    },
    {
      id: 'mean-over-queries',
      defect: 'classic',
      wrong: 'divides the gradient of the values by the number of queries',
      run: withOutput(sound, (output, input) => ({
        ...output,
        valueGradient: tensor(
          'float32',
          output.valueGradient.shape,
          rowsOf(output.valueGradient)
            .flat()
            .map((x) => f(x / Math.max(1, input.query.shape.at(-2) ?? 1))),
        ),
      })),
    },
    clippedGradient(sound),
  ],
};
