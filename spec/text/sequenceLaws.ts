import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import type { Sequences } from './sequenceInputs.ts';
import { firstDifference } from './tokenFields.ts';

interface Asked extends Sequences {
  readonly classify: number;
  readonly separate: number;
  readonly pad: number;
}
interface Row {
  readonly ids: readonly number[];
  readonly segments: readonly number[];
  readonly mask: readonly boolean[];
}
type SequenceLaw = Law<Asked, Sequences, Row>;

const controlCount = ({ second }: Sequences): number => (second === undefined ? 2 : 3);
const wholeLength = (input: Sequences): number =>
  controlCount(input) + input.first.length + (input.second?.length ?? 0);

/** How many ids of each list are in a row, by its mask and segments. */
function keptOf({ segments, mask }: Row, { second }: Asked) {
  const used = mask.filter((attends) => attends).length;
  const ofSecond = segments.filter((segment) => segment === 1).length;
  return second === undefined
    ? { first: used - 2, second: 0 }
    : { first: used - ofSecond - 2, second: ofSecond - 1 };
}

const repeated = (value: number, count: number): readonly number[] =>
  Array.from({ length: Math.max(0, count) }, () => value);
const asNumbers = (mask: readonly boolean[]): readonly number[] => mask.map(Number);

const difference = (expected: Row, actual: Row): string | undefined =>
  firstDifference(expected.ids, actual.ids) ??
  firstDifference(expected.segments, actual.segments) ??
  firstDifference(asNumbers(expected.mask), asNumbers(actual.mask));

/** The lists with other ids of the same number. */
const withIds = (input: Asked, one: number): Asked => ({
  ...input,
  first: input.first.map(() => one),
  ...(input.second === undefined ? {} : { second: input.second.map(() => one) }),
});

const isTemplate: SequenceLaw = async (input, run) => {
  const { output } = await run(input);
  const { classify, separate, pad, first, second } = input;
  const kept = keptOf(output, input);
  const own = [classify, ...first.slice(0, Math.max(0, kept.first)), separate];
  const other =
    second === undefined ? [] : [...second.slice(0, Math.max(0, kept.second)), separate];
  const row = [...own, ...other];
  return firstDifference([...row, ...repeated(pad, input.maxLength - row.length)], output.ids);
};

const masksPadding: SequenceLaw = async (input, run) => {
  const { mask } = (await run(input)).output;
  const used = Math.min(wholeLength(input), input.maxLength);
  return firstDifference(
    [...repeated(1, used), ...repeated(0, input.maxLength - used)],
    asNumbers(mask),
  );
};

const changesOnce: SequenceLaw = async (input, run) => {
  const { output } = await run(input);
  const kept = keptOf(output, input);
  const ofSecond = input.second === undefined ? 0 : kept.second + 1;
  const before = repeated(0, kept.first + 2);
  const behind = repeated(0, input.maxLength - before.length - ofSecond);
  return firstDifference([...before, ...repeated(1, ofSecond), ...behind], output.segments);
};

const cutsTheLonger: SequenceLaw = async (input, run) => {
  if (wholeLength(input) <= input.maxLength) return inapplicable;
  const kept = keptOf((await run(input)).output, input);
  if (kept.first < input.first.length && kept.first < kept.second)
    return `the first list is cut to ${kept.first} ids, the second has ${kept.second}`;
  if (kept.second < (input.second?.length ?? 0) && kept.second < kept.first - 1)
    return `the second list is cut to ${kept.second} ids, the first has ${kept.first}`;
  return kept.first + kept.second === input.maxLength - controlCount(input)
    ? undefined
    : `${kept.first} and ${kept.second} ids do not fill the row`;
};

const growsByPadding: SequenceLaw = async (input, run) => {
  const enough = Math.max(input.maxLength, wholeLength(input));
  const short = (await run({ ...input, maxLength: enough })).output;
  const long = (await run({ ...input, maxLength: enough + 3 })).output;
  return difference(
    {
      ids: [...short.ids, ...repeated(input.pad, 3)],
      segments: [...short.segments, 0, 0, 0],
      mask: [...short.mask, false, false, false],
    },
    long,
  );
};

/** The ids of the lists become those of control tokens. */
const doesNotLook: SequenceLaw = async (input, run) => {
  const before = (await run(input)).output;
  for (const one of [input.separate, input.pad]) {
    const { segments, mask } = (await run(withIds(input, one))).output;
    const problem = difference(before, { ids: before.ids, segments, mask });
    if (problem !== undefined) return `with ${one} for every id, ${problem}`;
  }
  return undefined;
};

const forgets: SequenceLaw = async (input, run) => {
  const before = (await run(input)).output;
  const kept = keptOf(before, input);
  const more = [input.separate, 7, 8];
  const first = kept.first < input.first.length ? [...input.first, ...more] : input.first;
  const { second } = input;
  if (second === undefined || kept.second >= second.length)
    return first === input.first
      ? inapplicable
      : difference(before, (await run({ ...input, first })).output);
  return difference(before, (await run({ ...input, first, second: [...second, ...more] })).output);
};

/** What is kept of the lists is put in again. */
const settles: SequenceLaw = async (input, run) => {
  const before = (await run(input)).output;
  const kept = keptOf(before, input);
  const first = input.first.slice(0, Math.max(0, kept.first));
  const second = input.second?.slice(0, Math.max(0, kept.second));
  const again = { ...input, first, ...(second === undefined ? {} : { second }) };
  return difference(before, (await run(again)).output);
};

export const sequenceLaws: Readonly<Record<string, SequenceLaw>> = {
  'gives as many ids, segments and mask as maxLength': async (input, run) => {
    const { ids, segments, mask } = (await run(input)).output;
    const wrong = [ids, segments, mask].find(({ length }) => length !== input.maxLength);
    return wrong && `expected ${input.maxLength} of each, got ${wrong.length}`;
  },
  'is the starts of the lists between the control tokens, which are never cut': isTemplate,
  'masks the padding and nothing else': masksPadding,
  'has segment 1 from behind the first separator to the second, and nowhere else': changesOnce,
  'cuts the longer list, and no more than it has to': cutsTheLonger,
  'grows by padding alone': growsByPadding,
  'does not take an id of a list for a control token': doesNotLook,
  'does not depend on what it has cut off': forgets,
  'is unchanged when what it kept is put in again': settles,
};
