import type { Kernel } from '../../conformance/interface/implementation.ts';
import { gptSizes, seededInputs, type Subject } from './subjects.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import type { FloatDtype } from '../../spec/tensor.ts';
import { decoderLayer } from '../honest/models/decoderLayer.ts';
import { encoderLayer } from '../honest/models/encoderLayer.ts';
import { gpt } from '../honest/models/gpt.ts';
import { innerUnit } from '../honest/models/blocks.ts';
import { feedForwardThrough } from '../honest/layers/feedForward.ts';
import { declared, unitOf, type Machine } from '../honest/machine.ts';
import type { Name } from '../../spec/index.ts';
import { tightnessOf, type Tightness } from './measure.ts';

/** A way of computing: the machine, and the format in which numbers are kept between the parts. */
interface Format {
  readonly title: string;
  readonly machine: Machine;
  readonly hidden: FloatDtype;
}

const machine = (storage: FloatDtype, accumulate: FloatDtype): Machine => ({
  storage,
  accumulate,
  order: 'sequential',
  online: 0,
});

export const formats: readonly Format[] = [
  { title: 'float32', machine: machine('float32', 'float32'), hidden: 'float32' },
  { title: 'bfloat16 stored', machine: machine('bfloat16', 'float32'), hidden: 'float32' },
  { title: 'bfloat16 between parts', machine: machine('bfloat16', 'float32'), hidden: 'bfloat16' },
  { title: 'float16 stored', machine: machine('float16', 'float32'), hidden: 'float32' },
  { title: 'float16 between parts', machine: machine('float16', 'float32'), hidden: 'float16' },
  { title: 'float16 throughout', machine: machine('float16', 'float16'), hidden: 'float16' },
];

const numericsOf = ({ machine: own, hidden }: Format): DeclaredNumerics => ({
  ...declared(own),
  erf: { ulp: 1 },
  algorithm: { softmax: 'shifted', exponential: 'difference', variance: 'two-pass' },
  intermediates: hidden === own.accumulate ? {} : { hidden },
});

/** Sound kernels that keep what stands between their parts in a format. */
const kernels = {
  feedForward: ({ machine: own, hidden }: Format) =>
    feedForwardThrough(unitOf(own), innerUnit(unitOf(own), hidden)),
  encoderLayer: ({ machine: own, hidden }: Format) =>
    encoderLayer(unitOf(own), innerUnit(unitOf(own), hidden)),
  decoderLayer: ({ machine: own, hidden }: Format) =>
    decoderLayer(unitOf(own), innerUnit(unitOf(own), hidden)),
  gpt: ({ machine: own, hidden }: Format) =>
    gpt(unitOf(own), { inner: (unit) => innerUnit(unit, hidden) }),
};

/** One row of the table. */
export interface Row extends Tightness {
  readonly subject: string;
  readonly format: string;
}

async function rowOf<N extends Name>(
  { title, name, inputs }: Subject<N>,
  kernel: Kernel<N>,
  format: Format,
): Promise<Row> {
  const found = await tightnessOf(name, kernel, numericsOf(format), inputs);
  return { subject: title, format: format.title, ...found };
}

/** Measures every subject in every format, one row after another. */
export async function* rows(): AsyncGenerator<Row> {
  const { feedForward, encoder, decoder, decoders } = seededInputs(gptSizes);
  for (const format of formats) yield rowOf(feedForward, kernels.feedForward(format), format);
  for (const format of formats) yield rowOf(encoder, kernels.encoderLayer(format), format);
  for (const format of formats) yield rowOf(decoder, kernels.decoderLayer(format), format);
  for (const subject of decoders)
    for (const format of formats) yield rowOf(subject, kernels.gpt(format), format);
}

const figure = (x: number): string =>
  x === Infinity
    ? '∞'
    : x === 0
      ? '0'
      : x >= 0.01 && x < 100
        ? x.toPrecision(2)
        : x.toExponential(0);

export const heading = [
  '| computed | numbers | worst *used* | median *used* | bound ÷ largest value |',
  '|---|---|---|---|---|',
];

export const lineOf = ({ subject, format, worst, median, relative }: Row): string =>
  `| ${subject} | ${format} | ${figure(worst)} | ${figure(median)} | ${figure(relative)} |`;
