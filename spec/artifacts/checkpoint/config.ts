import { z } from 'zod';
import type { Architecture } from '../../accounting/architecture.ts';
import { parameterCount } from '../../accounting/parameterCount.ts';

const size = z.int().min(1);
/** More would be no checkpoint, but a list of names that fills the memory. */
const mostLayers = 10_000;

const huggingFace = z.discriminatedUnion('model_type', [
  z.object({
    model_type: z.literal('gpt2'),
    vocab_size: size,
    n_positions: size,
    n_embd: size,
    n_layer: size,
    n_head: size,
    n_inner: size.nullish(),
    tie_word_embeddings: z.boolean().default(true),
  }),
  z.object({
    model_type: z.literal('bert'),
    vocab_size: size,
    max_position_embeddings: size,
    hidden_size: size,
    num_hidden_layers: size,
    num_attention_heads: size,
    intermediate_size: size,
    type_vocab_size: size.default(2),
  }),
]);

/** What a config.json of Hugging Face's transformers says. Whether there is a pooler it does not: the checkpoint does. */
function published(config: z.output<typeof huggingFace>, hasPooler: boolean): object {
  if (config.model_type === 'gpt2')
    return {
      family: 'gpt',
      vocabulary: config.vocab_size,
      context: config.n_positions,
      width: config.n_embd,
      layers: config.n_layer,
      heads: config.n_head,
      feedForwardWidth: config.n_inner ?? 4 * config.n_embd,
      tiedOutput: config.tie_word_embeddings,
    };
  return {
    family: 'bert',
    vocabulary: config.vocab_size,
    context: config.max_position_embeddings,
    width: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    feedForwardWidth: config.intermediate_size,
    segments: config.type_vocab_size,
    pooler: hasPooler,
  };
}

/** A config that says nothing that can be counted. */
export class UnknownConfig extends Error {
  override readonly name = 'UnknownConfig';
}

const said = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .join('; ');

/** The object that holds the sizes: the config itself, or what stands under `architecture` in it. */
const innermost = (config: object): object =>
  'architecture' in config &&
  typeof config.architecture === 'object' &&
  config.architecture !== null
    ? config.architecture
    : config;

/**
 * The architecture that a config means: the catalogue's own, or one of gpt2 or bert as Hugging Face's transformers write it.
 *
 * @throws UnknownConfig
 */
export function architectureOf(config: unknown, hasPooler: boolean): Architecture {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new UnknownConfig('expected a JSON object');
  const given = innermost(config);
  if (!('family' in given) && !('model_type' in given))
    throw new UnknownConfig(
      'expected family (gpt, bert, encoderDecoder) or model_type (gpt2, bert)',
    );
  let sizes: object = given;
  if (!('family' in given)) {
    const read = huggingFace.safeParse(given);
    if (!read.success) throw new UnknownConfig(said(read.error));
    sizes = published(read.data, hasPooler);
  }
  const checked = parameterCount.input.safeParse({ architecture: sizes });
  if (!checked.success) throw new UnknownConfig(said(checked.error));
  const { architecture } = checked.data;
  if (architecture.layers > mostLayers)
    throw new UnknownConfig(`expected at most ${mostLayers} layers, got ${architecture.layers}`);
  return architecture;
}
