import { describe, expect, test } from 'vitest';
import { correctlyRounded } from '../conformance/implementations/reference/index.ts';
import { spec, type Input, type Output } from '../spec/index.ts';
import { firstTokens } from '../spec/embedding/tokens.ts';
import { mapped } from '../spec/laws.ts';
import { smallBert } from '../spec/models/bertExamples.ts';
import { smallGpt } from '../spec/models/gptExamples.ts';
import { rowsOf, tensor } from '../spec/tensor.ts';

const answerOf = <N extends 'gpt' | 'bert'>(name: N, input: Input<N>): Output<N> => {
  const answer = correctlyRounded(name, input, 'float64');
  if (!('output' in answer)) throw new Error(JSON.stringify(answer));
  return spec[name].output.parse(answer.output);
};

/** Where the schema finds fault with an input. */
const faults = (name: 'gpt' | 'bert', input: unknown): readonly string[] =>
  spec[name].input.safeParse(input).error?.issues.map(({ path }) => path.join('.')) ?? [];

const gptInput = spec.gpt.input.parse(smallGpt);
const bertInput = spec.bert.input.parse(smallBert);

/** The same sequence with another last token. */
const withOtherEnd = <I extends { readonly ids: Input<'gpt'>['ids'] }>(input: I): I => ({
  ...input,
  ids: mapped(input.ids, (id, t) => (t === input.ids.data.length - 1 ? (id + 1) % 7 : id)),
});

describe('gpt, to the last bit of the reference', () => {
  const whole = rowsOf(answerOf('gpt', gptInput).logits);

  test('no logit before a token depends on it', () => {
    const other = rowsOf(answerOf('gpt', withOtherEnd(gptInput)).logits);
    expect(other.slice(0, -1)).toEqual(whole.slice(0, -1));
    expect(other.at(-1)).not.toEqual(whole.at(-1));
  });

  test('the logits of a prefix are the first of the whole', () => {
    const prefix = answerOf('gpt', { ...gptInput, ids: firstTokens(gptInput.ids, 2) });
    expect(rowsOf(prefix.logits)).toEqual(whole.slice(0, 2));
  });
});

describe('bert, to the last bit of the reference', () => {
  const whole = rowsOf(answerOf('bert', bertInput).hidden);

  test('every token sees every other', () => {
    const other = rowsOf(answerOf('bert', withOtherEnd(bertInput)).hidden);
    for (const [t, row] of whole.entries()) expect(other[t]).not.toEqual(row);
  });

  test('what stands in a masked place changes no other row', () => {
    const masked = { ...bertInput, mask: tensor('bool', [1, 3], [1, 1, 0]) };
    const [one, other] = [masked, withOtherEnd(masked)].map((input) =>
      rowsOf(answerOf('bert', input).hidden),
    );
    expect(other?.slice(0, -1)).toEqual(one?.slice(0, -1));
    expect(one?.[0]).not.toEqual(whole[0]);
  });
});

describe('what is wrong with a model is said where it stands', () => {
  const [first, second] = smallGpt.weights.layers;
  if (first === undefined || second === undefined) throw new Error('expected two layers');

  test('a weight that is missing', () => {
    const { queryWeight: _missing, ...attention } = second.attention;
    const layers = [first, { ...second, attention }];
    expect(faults('gpt', { ...smallGpt, weights: { ...smallGpt.weights, layers } })).toEqual([
      'weights.layers.1.attention.queryWeight',
    ]);
  });

  test('a weight of another shape', () => {
    const feedForward = { ...second.feedForward, bias1: tensor('float32', [2], [0, 1]) };
    const layers = [first, { ...second, feedForward }];
    expect(faults('gpt', { ...smallGpt, weights: { ...smallGpt.weights, layers } })).toEqual([
      'weights.layers.1.feedForward.bias1',
    ]);
  });

  test.each(['vocabulary', 'context', 'layers', 'heads', 'feedForwardWidth'])(
    'a configuration with another %s',
    (field) => {
      const config = { ...smallGpt.config, [field]: 3 };
      expect(faults('gpt', { ...smallGpt, config })).toEqual([`config.${field}`]);
    },
  );

  test('a configuration with another width, or number of segments', () => {
    const { config } = smallBert;
    expect(faults('bert', { ...smallBert, config: { ...config, width: 6 } })).toEqual([
      'config.width',
    ]);
    expect(faults('bert', { ...smallBert, config: { ...config, segments: 3 } })).toEqual([
      'config.segments',
    ]);
  });

  test('tokens and segments that there are not, and more tokens than places', () => {
    const ids = tensor('int32', [1, 3], [0, 7, 1]);
    const segments = tensor('int32', [1, 3], [0, 2, 1]);
    expect(faults('bert', { ...smallBert, ids })).toEqual(['ids']);
    expect(faults('bert', { ...smallBert, segments })).toEqual(['segments']);
    expect(
      faults('gpt', { ...smallGpt, ids: tensor('int32', [1, 6], [0, 1, 2, 3, 4, 5]) }),
    ).toEqual(['ids']);
  });
});
