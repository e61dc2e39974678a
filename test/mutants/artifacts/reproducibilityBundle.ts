import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { reproducibilityBundle as bundled } from '../../../conformance/implementations/tfjs/artifacts/reproducibilityBundle.ts';
import type { Disagreement } from '../../../spec/artifacts/bundleParts.ts';
import type { Input } from '../../../spec/index.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Bundling = Kernel<'reproducibilityBundle'>;
type Bundle = Input<'reproducibilityBundle'>;

const honest: Bundling = bundled.run;

/** What is left of the disagreements; what has none is accepted. */
const finding = (
  change: (found: readonly Disagreement[], input: Bundle) => readonly Disagreement[],
): Bundling =>
  withOutput<'reproducibilityBundle'>(honest, ({ disagreements, parameters }, input) => {
    const found = change(disagreements, input);
    return { accepted: found.length === 0, disagreements: found, parameters };
  });

/** One that does not see some disagreements. */
const blindTo = (isUnseen: (one: Disagreement, input: Bundle) => boolean): Bundling =>
  finding((found, input) => found.filter((one) => !isUnseen(one, input)));

const ofTensor = ({ at }: Disagreement): boolean => at.startsWith('weights.');

export const reproducibilityBundle: Mutants<'reproducibilityBundle'> = {
  honest,
  mutants: [
    {
      id: 'output-not-looked-for',
      defect: 'safetensors-07',
      wrong: 'takes every output for tied, so that one that is missing stays random',
      run: withInput<'reproducibilityBundle'>(honest, (input) =>
        input.architecture?.family === 'gpt'
          ? { ...input, architecture: { ...input.architecture, tiedOutput: true } }
          : input,
      ),
    },
    {
      id: 'numbers-alone',
      defect: 'safetensors-08',
      wrong: 'compares the number of parameters, not the shapes: a transposed matrix passes',
      run: blindTo(({ problem }) => problem === 'shape'),
    },
    {
      id: 'absent-is-fine',
      defect: 'classic',
      wrong: 'compares what is there, and accepts what is not',
      run: blindTo(({ at, problem }) => problem === 'missing' && !at.includes('.')),
    },
    {
      id: 'first-alone',
      defect: 'classic',
      wrong: 'stops at the first disagreement',
      run: finding((found) => found.slice(0, 1)),
    },
    {
      id: 'larger-table',
      defect: 'classic',
      wrong: 'accepts a table of more rows than there are tokens',
      run: blindTo(
        ({ problem }, { vocabulary = [], architecture }) =>
          problem === 'size' && vocabulary.length < (architecture?.vocabulary ?? 0),
      ),
    },
    {
      id: 'larger-vocabulary',
      defect: 'classic',
      wrong: 'accepts more tokens than the table has rows',
      run: blindTo(
        ({ problem }, { vocabulary = [], architecture }) =>
          problem === 'size' && vocabulary.length > (architecture?.vocabulary ?? 0),
      ),
    },
    {
      id: 'halves-alone',
      defect: 'classic',
      wrong: 'looks for the halves of a merge, not for their sum',
      run: blindTo(
        ({ problem, at }, { tokenizer, vocabulary = [] }) =>
          problem === 'unknown' &&
          tokenizer?.kind === 'bytePair' &&
          (tokenizer.merges[Number(at.split('.')[2])] ?? []).every((half) =>
            vocabulary.includes(half),
          ),
      ),
    },
    {
      id: 'twice-is-fine',
      defect: 'classic',
      wrong: 'accepts a token that is in the vocabulary twice',
      run: blindTo(({ problem }) => problem === 'twice'),
    },
    {
      id: 'tokenizer-not-read',
      defect: 'classic',
      wrong: 'asks only whether there is a tokenizer',
      run: blindTo(({ problem }) => problem === 'unknown'),
    },
    {
      id: 'left-over-is-fine',
      defect: 'classic',
      wrong: 'loads what it knows and leaves the rest, as strict = false does',
      run: blindTo(({ problem }) => problem === 'leftOver' || problem === 'parameters'),
    },
    {
      id: 'missing-is-fine',
      defect: 'classic',
      wrong: 'leaves a tensor that is missing as it was drawn',
      run: blindTo((one) => ofTensor(one) && one.problem === 'missing'),
    },
    {
      id: 'total-alone',
      defect: 'classic',
      wrong: 'compares the number of parameters and no tensor',
      run: blindTo(ofTensor),
    },
    {
      id: 'without-total',
      defect: 'classic',
      wrong: 'does not count the parameters',
      run: blindTo(({ problem }) => problem === 'parameters'),
    },
    {
      id: 'bytes-for-numbers',
      defect: 'classic',
      wrong: 'counts the bytes of the weights, not their numbers',
      run: withOutput<'reproducibilityBundle'>(honest, (output) => ({
        ...output,
        parameters: 2 * output.parameters,
      })),
    },
    {
      id: 'biases-always',
      defect: 'classic',
      wrong: 'takes every architecture for one with biases',
      run: withInput<'reproducibilityBundle'>(honest, (input) =>
        input.architecture === undefined
          ? input
          : { ...input, architecture: { ...input.architecture, biases: true } },
      ),
    },
  ],
};
