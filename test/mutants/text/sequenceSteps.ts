import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input, Output } from '../../../spec/index.ts';
import { withOutput } from '../mutant.ts';

type Asked = Input<'sequenceTemplate'>;
type Row = Output<'sequenceTemplate'>;
type Kept = readonly [first: readonly number[], second: readonly number[]];

/** The steps of a template, each of which a mutant replaces. */
interface Steps {
  /** What stays of the lists where so many ids have room. */
  readonly cut: (first: readonly number[], second: readonly number[], room: number) => Kept;
  /** The row without padding, and where segment 1 begins. */
  readonly lay: (kept: Kept, input: Asked) => { ids: readonly number[]; start: number };
}

export const controlsOf = ({ second }: Asked): number => (second === undefined ? 2 : 3);

/** Takes from the end of the one that `fromFirst` says until they fit. */
export const cutBy =
  (fromFirst: (first: number, second: number) => boolean): Steps['cut'] =>
  (first, second, room) => {
    let [a, b] = [first.length, second.length];
    while (a + b > room)
      if (b === 0 || (a > 0 && fromFirst(a, b))) a -= 1;
      else b -= 1;
    return [first.slice(0, a), second.slice(0, b)];
  };

export const sound: Steps = {
  cut: cutBy((first, second) => first > second),
  lay: ([first, second], { classify, separate, second: asked }) => {
    const begin = [classify, ...first, separate];
    return {
      ids: asked === undefined ? begin : [...begin, ...second, separate],
      start: begin.length,
    };
  },
};

/** A template with some of its steps changed. */
export const template =
  (changed: Partial<Steps> = {}): Kernel<'sequenceTemplate'> =>
  (input) => {
    const { cut, lay } = { ...sound, ...changed };
    const kept = cut(input.first, input.second ?? [], input.maxLength - controlsOf(input));
    const { ids, start } = lay(kept, input);
    const places = Array.from({ length: input.maxLength }, (_, place) => place);
    return {
      ids: places.map((place) => ids[place] ?? input.pad),
      segments: places.map((place) => (place >= start && place < ids.length ? 1 : 0)),
      mask: places.map((place) => place < ids.length),
    };
  };
export const honest = template();

/** The honest row with its segments or its mask made from its ids. */
export const looked = (
  change: (row: Row, input: Asked) => Partial<Row>,
): Kernel<'sequenceTemplate'> =>
  withOutput(honest, (row, input) => ({ ...row, ...change(row, input) }));

export const lengthOf = ({ mask }: Row): number => mask.filter((attends) => attends).length;

/** Half and half where both are too long; as in Hugging Face's Rust code the one more goes to the longer. */
export const halves: Steps['cut'] = (first, second, room) => {
  const short = Math.min(first.length, second.length);
  if (first.length + second.length <= room) return [first, second];
  const ofShort = Math.min(short, room >> 1);
  const [a, b] =
    first.length > second.length ? [room - ofShort, ofShort] : [ofShort, room - ofShort];
  return [first.slice(0, a), second.slice(0, b)];
};
