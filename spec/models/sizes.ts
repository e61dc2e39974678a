import { axis } from '../lengths.ts';
import type { Draw, Sized } from '../sized.ts';
import type { BooleanTensor, FloatTensor, IntegerTensor } from '../tensor.ts';
import type { GateWeights } from './cells.ts';
import type { ModelSizes } from './config.ts';
import type { Translation } from './encoderDecoderInputs.ts';
import { randomBert, randomEncoderDecoder, randomGpt } from './randomModels.ts';
import { drawsOf, randomDecoderLayer, randomEncoderLayer } from './randomWeights.ts';
import type {
  BertWeights,
  DecoderLayerWeights,
  EncoderLayerWeights,
  GptWeights,
} from './weights.ts';

type Lengths = Readonly<Record<string, number>>;

const weightsOf = (draw: Draw) => drawsOf(draw.seed('weights'));

const layerAxes = {
  L: axis('tokens', [17, 31, 32, 33, 64, 65, 129], [1, 2, 3]),
  D: axis('width', [16, 24, 32, 48, 64, 96], [4, 8]),
  F: axis('width of the feed-forward', [31, 33, 64, 65, 128, 257], [1, 2, 5]),
  heads: axis('heads, a divisor of the width', [], [1, 2, 4]),
} as const;

function headsOf(D: number, heads: number): number {
  if (D % heads === 0) return heads;
  throw new RangeError(`heads: expected a divisor of D = ${D}, got ${heads}`);
}

const layerInput = ({ L = 1, D = 1, heads = 1 }: Lengths, draw: Draw) => ({
  input: draw.floats('input', [1, L, D]),
  heads: headsOf(D, heads),
  activation: draw.pick('activation', 'relu', 'gelu'),
});

const layerWork = ({ L = 1, D = 1, F = 1 }: Lengths): number =>
  L * (4 * D * D + 2 * D * F + 2 * L * D);

export const encoderLayerSizes: Sized<
  ReturnType<typeof layerInput> & { readonly weights: EncoderLayerWeights }
> = {
  axes: layerAxes,
  input: (lengths, draw) => {
    const { D = 1, F = 1 } = lengths;
    const weights = randomEncoderLayer(weightsOf(draw), { width: D, feedForwardWidth: F });
    return { ...layerInput(lengths, draw), weights };
  },
  work: layerWork,
};

export const decoderLayerSizes: Sized<
  ReturnType<typeof layerInput> & {
    readonly memory: FloatTensor;
    readonly weights: DecoderLayerWeights;
  }
> = {
  axes: { ...layerAxes, S: axis('tokens of the memory', [17, 33, 65, 129], [1, 2, 3]) },
  input: (lengths, draw) => {
    const { S = 1, D = 1, F = 1 } = lengths;
    const weights = randomDecoderLayer(weightsOf(draw), { width: D, feedForwardWidth: F });
    const memory = draw.floats('memory', [1, S, D]);
    return { ...layerInput(lengths, draw), memory, weights };
  },
  work: (lengths) => {
    const { L = 1, S = 1, D = 1 } = lengths;
    return layerWork(lengths) + 2 * (L + S) * D * D + 2 * L * S * D;
  },
};

const modelAxes = {
  T: axis('tokens', [9, 16, 17, 33, 65], [1, 2, 3]),
  V: axis('tokens of the vocabulary', [65, 129, 257, 1025], [2, 5]),
  D: axis('width', [16, 32, 48], [4, 8]),
  layers: axis('layers', [2, 3], [1]),
  heads: axis('heads, a divisor of the width', [], [1, 2, 4]),
} as const;

const sizesOf = ({ T = 1, V = 2, D = 4, layers = 1, heads = 1 }: Lengths): ModelSizes => ({
  vocabulary: V,
  context: T,
  width: D,
  layers,
  heads: headsOf(D, heads),
  feedForwardWidth: 4 * D,
});

const modelWork = ({ T = 1, V = 1, D = 1, layers = 1 }: Lengths): number =>
  2 * T * (layers * (12 * D * D + 2 * T * D) + V * D);

export const gptSizes: Sized<{
  readonly ids: IntegerTensor;
  readonly weights: GptWeights;
  readonly config: ModelSizes;
}> = {
  axes: modelAxes,
  input: (lengths, draw) => {
    const config = sizesOf(lengths);
    return {
      ids: draw.integers('ids', [1, config.context], { below: config.vocabulary }),
      weights: randomGpt(weightsOf(draw), config),
      config,
    };
  },
  work: modelWork,
};

export const bertSizes: Sized<{
  readonly ids: IntegerTensor;
  readonly segments: IntegerTensor;
  readonly mask: BooleanTensor;
  readonly weights: BertWeights;
  readonly config: ModelSizes & { readonly segments: number };
}> = {
  axes: modelAxes,
  input: (lengths, draw) => {
    const config = { ...sizesOf(lengths), segments: 2 };
    const shape = [1, config.context];
    const mask = draw.booleans('mask', shape);
    return {
      ids: draw.integers('ids', shape, { below: config.vocabulary }),
      segments: draw.integers('segments', shape, { below: 2 }),
      mask: { ...mask, data: Uint8Array.from(mask.data, (kept, i) => (i === 0 ? 1 : kept)) },
      weights: randomBert(weightsOf(draw), config),
      config,
    };
  },
  work: (lengths) => modelWork({ ...lengths, V: 1 }),
};

export const translationSizes: Sized<Translation> = {
  axes: { ...modelAxes, S: axis('tokens that are read', [17, 33, 65], [1, 2, 3]) },
  input: (lengths, draw) => {
    const { context, ...config } = sizesOf(lengths);
    const { S = 1 } = lengths;
    return {
      sourceIds: draw.integers('sourceIds', [1, S], { below: config.vocabulary }),
      targetIds: draw.integers('targetIds', [1, context], { below: config.vocabulary }),
      weights: randomEncoderDecoder(weightsOf(draw), config),
      config,
    };
  },
  work: (lengths) => {
    const { T = 1, S = 1 } = lengths;
    return 2 * modelWork({ ...lengths, T: T + S });
  },
};

const cellAxes = {
  B: axis('rows', [33, 65, 129, 257, 1025], [1, 2, 3]),
  I: axis('inputs', [31, 33, 64, 65, 128, 257, 513], [1, 2, 3]),
  H: axis('width of the state', [31, 32, 33, 64, 65, 128, 257], [1, 2, 3]),
} as const;

const gate = (draw: Draw, name: string, { I = 1, H = 1 }: Lengths): GateWeights => {
  const spread = { deviation: 1 / Math.sqrt(I + H), holds: 'normal' as const };
  return {
    inputWeight: draw.floats(`${name}.inputWeight`, [I, H], spread),
    stateWeight: draw.floats(`${name}.stateWeight`, [H, H], spread),
    bias: draw.floats(`${name}.bias`, [H], { deviation: 0.5 }),
  };
};

const cellWork = ({ B = 1, I = 1, H = 1 }: Lengths): number => 0.2 * B * H * (I + H + 10);

export const rnnSizes: Sized<{
  readonly input: FloatTensor;
  readonly state: FloatTensor;
  readonly weights: GateWeights;
}> = {
  axes: cellAxes,
  input: (lengths, draw) => {
    const { B = 1, I = 1, H = 1 } = lengths;
    return {
      input: draw.floats('input', [B, I]),
      state: draw.floats('state', [B, H], { deviation: 0.5, holds: 'normal' }),
      weights: gate(draw, 'weights', lengths),
    };
  },
  work: cellWork,
};

export const lstmSizes: Sized<{
  readonly input: FloatTensor;
  readonly state: { readonly hidden: FloatTensor; readonly cell: FloatTensor };
  readonly weights: Readonly<
    Record<'inputGate' | 'forgetGate' | 'candidate' | 'outputGate', GateWeights>
  >;
}> = {
  axes: cellAxes,
  input: (lengths, draw) => {
    const { B = 1, I = 1, H = 1 } = lengths;
    return {
      input: draw.floats('input', [B, I]),
      state: {
        hidden: draw.floats('hidden', [B, H], { deviation: 0.5, holds: 'normal' }),
        cell: draw.floats('cell', [B, H]),
      },
      weights: {
        inputGate: gate(draw, 'inputGate', lengths),
        forgetGate: gate(draw, 'forgetGate', lengths),
        candidate: gate(draw, 'candidate', lengths),
        outputGate: gate(draw, 'outputGate', lengths),
      },
    };
  },
  work: (lengths) => 4 * cellWork(lengths),
};
