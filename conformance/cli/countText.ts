import type { Architecture } from '../../spec/accounting/architecture.ts';
import { agrees, type Agreement } from '../../spec/artifacts/checkpoint/agreement.ts';
import { groups, parametersByGroup, type Tally } from '../../spec/artifacts/checkpoint/tally.ts';
import { greatestOf } from '../../spec/extremes.ts';
import { sizeOf } from '../../spec/tensor.ts';
import { definitions, wrap } from './text.ts';

/** What a checkpoint holds, and how that compares with a config. */
export interface Counted {
  readonly path: string;
  readonly tally: Tally;
  readonly verdict:
    | {
        readonly config: string;
        readonly architecture: Architecture;
        readonly agreement: Agreement;
      }
    | undefined;
}

const number = new Intl.NumberFormat('en-US').format;
const mostListed = 8;

/** '3 tensors', '1 tensor'. */
const counted = (count: number, one: string): string =>
  `${number(count)} ${one}${count === 1 ? '' : 's'}`;

const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** Names as a terminal can show them: no control characters. */
const shown = (name: string): string =>
  /^[\x21-\x7e]+$/.test(name) && name.length <= 120 ? name : JSON.stringify(name.slice(0, 120));

const total = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((sum, part) => sum + part, 0);

/** A line a group: how many tensors and parameters it has, and how many the architecture. */
function table({ tally, verdict }: Counted): string {
  const wanted = verdict === undefined ? undefined : parametersByGroup(verdict.architecture);
  const rows = groups.map((group) => [
    group,
    number(tally.groups[group].tensors),
    number(tally.groups[group].elements),
    ...(wanted === undefined ? [] : [number(wanted[group])]),
  ]);
  const sum = [
    'total',
    number(tally.parameters.tensors),
    number(tally.parameters.elements),
    ...(wanted === undefined ? [] : [number(total(wanted))]),
  ];
  const titles = ['group', 'tensors', 'parameters', 'architecture'].slice(0, sum.length);
  const lines = [titles, ...rows, sum];
  const widths = titles.map((_, i) => greatestOf(lines.map((line) => (line[i] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .map((line) => `  ${line}\n`)
    .join('');
}

/** The first of a list, each with what is said of it, and how many more there are. */
function listed<T>(title: string, items: readonly T[], say: (item: T) => string) {
  const first = items.slice(0, mostListed);
  const more = items.length - first.length;
  return [
    ...first.map((item, i) => [i === 0 ? title : '', say(item)] as const),
    ...(more === 0 ? [] : [['', `and ${number(more)} more`] as const]),
  ];
}

/** What many loaders get wrong: an output that is tied is not stored again, and one that is not must be. */
const hint = (name: string, output: string): string =>
  /(^|\.)lm_head\.weight$/.test(name) ? `: the output, which is ${output} the token table` : '';

function findings({ agreement }: NonNullable<Counted['verdict']>) {
  const { missing, misshapen, leftOver, heads } = agreement;
  return [
    ...listed(
      'missing',
      missing,
      (one) => `${shown(one.name)} ${shapeText(one.shape)}${hint(one.name, 'not tied to')}`,
    ),
    ...listed(
      'other shape',
      misshapen,
      (one) => `${shown(one.name)}: expected ${shapeText(one.expected)}, got ${shapeText(one.got)}`,
    ),
    ...listed(
      'left over',
      leftOver,
      (one) => `${shown(one.name)} ${shapeText(one.shape)}${hint(one.name, 'tied to')}`,
    ),
    ...listed(
      'beside it',
      heads,
      (one) => `${shown(one.name)} ${shapeText(one.shape)}: a layer for a task`,
    ),
  ];
}

function verdictText({ config, architecture, agreement }: NonNullable<Counted['verdict']>): string {
  const of = `${architecture.family} of ${config}`;
  if (agrees(agreement)) return `agrees with ${of}`;
  const { missing, misshapen, leftOver } = agreement;
  return `DISAGREES with ${of}: ${missing.length} missing, ${misshapen.length} of another shape, ${leftOver.length} left over`;
}

/** What there is, for a person. */
export function countText(whole: Counted, width: number): string {
  const { path, tally, verdict } = whole;
  const { named, parameters, buffers, memory } = tally;
  const bytes = [...memory.values()].reduce((sum, one) => sum + one.bytes, 0);
  const title = `${path}: ${counted(parameters.elements, 'parameter')} in ${counted(parameters.tensors, 'tensor')}, ${counted(bytes, 'byte')}`;
  const entries = [
    ...[...memory].map(
      ([dtype, one]) =>
        [dtype, `${counted(one.bytes, 'byte')} in ${counted(one.tensors, 'tensor')}`] as const,
    ),
    ['names', named === undefined ? 'of no naming that is known' : namesText(named)] as const,
    ...(buffers.tensors === 0
      ? []
      : [
          [
            'buffers',
            `${counted(buffers.elements, 'number')} in ${counted(buffers.tensors, 'tensor')}: masks or positions, no parameters`,
          ] as const,
        ]),
    ...(verdict === undefined
      ? []
      : [['verdict', verdictText(verdict)] as const, ...findings(verdict)]),
  ];
  return `${wrap(title, width)}\n\n${table(whole)}\n${definitions(entries, width)}`;
}

const namesText = ({ naming, prefix }: NonNullable<Tally['named']>): string =>
  `${naming.family}, as ${naming.title} names it${prefix === '' ? '' : `, after ${shown(prefix)}`}`;

/** The same for a machine. */
export function countJson({ path, tally, verdict }: Counted): object {
  const { named, parameters, buffers, memory } = tally;
  return {
    touchstone: 1,
    file: path,
    names:
      named === undefined
        ? null
        : { family: named.naming.family, naming: named.naming.title, prefix: named.prefix },
    parameters: parameters.elements,
    tensors: parameters.tensors,
    groups: tally.groups,
    buffers,
    memory: Object.fromEntries(memory),
    ...(verdict === undefined ? {} : { verdict: verdictJson(verdict) }),
  };
}

function verdictJson({ config, architecture, agreement }: NonNullable<Counted['verdict']>) {
  const { missing, misshapen, leftOver, heads } = agreement;
  const expected = parametersByGroup(architecture);
  const shapes = (entries: Agreement['leftOver']) =>
    entries.map(({ name, shape }) => ({ name, shape, elements: sizeOf(shape) }));
  return {
    agrees: agrees(agreement),
    config,
    architecture,
    parameters: total(expected),
    groups: expected,
    missing,
    misshapen,
    leftOver: shapes(leftOver),
    heads: shapes(heads),
  };
}
