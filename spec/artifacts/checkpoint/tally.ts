import type { Architecture } from '../../accounting/architecture.ts';
import {
  parametersOf,
  parameterTensors,
  type ParameterGroup,
} from '../../accounting/parameterTensors.ts';
import type { ElementType } from '../elementTypes.ts';
import type { Entry } from '../header.ts';
import { sizeOf } from '../../tensor.ts';
import { isHead } from './names.ts';
import { namingOf, recognised, type Named } from './recognise.ts';

/** The groups of `parameterCount`, and what is none of them. */
export const groups = [
  'tokenEmbedding',
  'positionEmbedding',
  'segmentEmbedding',
  'attention',
  'feedForward',
  'layerNorm',
  'pooler',
  'output',
  'other',
] as const satisfies readonly (ParameterGroup | 'other')[];
export type Group = (typeof groups)[number];

/** So many tensors with so many elements. */
export interface Amount {
  readonly tensors: number;
  readonly elements: number;
}

export interface Tally {
  readonly named: Named | undefined;
  /** All but the buffers. */
  readonly parameters: Amount;
  readonly groups: Readonly<Record<Group, Amount>>;
  /** Masks and positions that some checkpoints store: nothing that is learnt. */
  readonly buffers: Amount;
  /** By dtype, buffers included. */
  readonly memory: ReadonlyMap<ElementType, Amount & { readonly bytes: number }>;
}

const amountOf = (entries: readonly Entry[]): Amount => ({
  tensors: entries.length,
  elements: entries.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
});

/** Whether a tensor is a mask or a list of positions. */
export const isBuffer = (named: Named | undefined, { name }: Entry): boolean =>
  named !== undefined && recognised(named, name)?.when === 'buffer';

const groupOf = (named: Named | undefined, { name }: Entry): Group => {
  if (named === undefined || isHead(name)) return 'other';
  return recognised(named, name)?.group ?? 'other';
};

/** What a checkpoint holds, by the names of its tensors. */
export function tally(entries: readonly Entry[], family?: Architecture['family']): Tally {
  const names = entries.map(({ name }) => name);
  const named = namingOf(names, family) ?? namingOf(names);
  const learnt = entries.filter((entry) => !isBuffer(named, entry));
  const inGroup = (group: Group) => amountOf(learnt.filter((one) => groupOf(named, one) === group));
  const dtypes = [...new Set(entries.map(({ dtype }) => dtype))];
  return {
    named,
    parameters: amountOf(learnt),
    groups: byGroup(inGroup),
    buffers: amountOf(entries.filter((entry) => isBuffer(named, entry))),
    memory: new Map(
      dtypes.map((dtype) => {
        const some = entries.filter((one) => one.dtype === dtype);
        const bytes = some.reduce((sum, { begin, end }) => sum + end - begin, 0);
        return [dtype, { ...amountOf(some), bytes }];
      }),
    ),
  };
}

const byGroup = <T>(of: (group: Group) => T): Readonly<Record<Group, T>> => ({
  tokenEmbedding: of('tokenEmbedding'),
  positionEmbedding: of('positionEmbedding'),
  segmentEmbedding: of('segmentEmbedding'),
  attention: of('attention'),
  feedForward: of('feedForward'),
  layerNorm: of('layerNorm'),
  pooler: of('pooler'),
  output: of('output'),
  other: of('other'),
});

/** What an architecture has, by group: exactly, as `parameterCount` counts it. */
export function parametersByGroup(architecture: Architecture): Readonly<Record<Group, number>> {
  const tensors = parameterTensors(architecture);
  return byGroup((group) => Number(parametersOf(tensors.filter((one) => one.group === group))));
}
