import type { Architecture } from '../accounting/architecture.ts';
import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import type { IntegerTensor } from '../tensor.ts';
import { anyFile } from './anyWriter.ts';
import type { Bundle } from './bundleInputs.ts';
import type { Disagreement, Tokenizer } from './bundleParts.ts';
import { uint8 } from './content.ts';
import { readSafetensors } from './file.ts';

interface Read extends Bundle {
  readonly tokenizer?: Tokenizer | undefined;
  readonly architecture?: Architecture | undefined;
}
interface Found {
  readonly accepted: boolean;
  readonly disagreements: readonly Disagreement[];
  readonly parameters: number;
}
type Bundling = Law<Read, Bundle, Found>;

const written = ({ accepted, disagreements, parameters }: Found): string =>
  JSON.stringify([accepted, parameters, disagreements.map(({ at, problem }) => [at, problem])]);

/** The same after a change of the weights. */
const withWeights =
  (change: (weights: IntegerTensor) => IntegerTensor, what: string): Bundling =>
  async (input, run) => {
    if (input.weights === undefined) return inapplicable;
    const before = (await run(input)).output;
    const after = (await run({ ...input, weights: change(input.weights) })).output;
    return written(after) === written(before) ? undefined : `${what} changes what is found`;
  };

/** The same tensors, with the last of them first, and other numbers in them. */
const rewritten = (weights: IntegerTensor): IntegerTensor => {
  const { tensors } = readSafetensors(Uint8Array.from(weights.data));
  const turned = tensors
    .toReversed()
    .map((one) => ({ ...one, bytes: one.bytes.map((byte) => 255 - byte) }));
  const how = { order: [], space: ' ', padding: 3, escapes: false, turned: true, before: 0 };
  return uint8(anyFile({ tensors: turned, metadata: [{ key: 'a', value: 'b' }] }, how));
};

const parts = ['tokenizer', 'vocabulary', 'architecture', 'weights'] as const;

const namesAbsent: Bundling = async (input, run) => {
  for (const part of parts) {
    const found = (await run({ ...input, [part]: undefined })).output;
    const isNamed = found.disagreements.some(
      ({ at, problem }) => at === part && problem === 'missing',
    );
    if (found.accepted || !isNamed) return `without ${part}: ${written(found)}`;
  }
  return undefined;
};

const acceptsAgreement: Bundling = async (input, run) => {
  const { accepted, disagreements } = (await run(input)).output;
  return accepted === (disagreements.length === 0)
    ? undefined
    : `accepted is ${accepted} with ${disagreements.length} disagreements`;
};

/** One token more than the architecture has, or one less, is told from none. */
const countsTokens: Bundling = async (input, run) => {
  const { vocabulary, architecture } = input;
  if (vocabulary === undefined || architecture === undefined) return inapplicable;
  const more = [...vocabulary, `${vocabulary.join('')}+`];
  const { disagreements } = (await run({ ...input, vocabulary: more })).output;
  const isNamed = disagreements.some(
    ({ at, problem }) => at === 'vocabulary' && problem === 'size',
  );
  return isNamed === (more.length !== architecture.vocabulary)
    ? undefined
    : `${more.length} tokens of ${architecture.vocabulary}: ${isNamed ? 'named' : 'not named'}`;
};

export const bundleLaws = {
  'accepts what has no disagreement, and nothing else': acceptsAgreement,
  'names each part that is taken away': namesAbsent,
  'counts the tokens of the vocabulary': countsTokens,
  'is unchanged by the order and the numbers of the weights': withWeights(
    rewritten,
    'writing the weights anew',
  ),
};
