import { withInput, withOutput, type Mutants } from '../mutant.ts';
import {
  controlsOf,
  cutBy,
  halves,
  honest,
  lengthOf,
  looked,
  sound,
  template,
} from './sequenceSteps.ts';

export const sequenceTemplate: Mutants<'sequenceTemplate'> = {
  honest,
  mutants: [
    {
      id: 'segments-by-separator',
      defect: 'tokenizer-decode-special-03',
      wrong: 'begins segment 1 behind the first id that is that of the separator',
      run: looked(({ ids, segments }, { separate, second }) => {
        const at = second === undefined ? ids.length : ids.indexOf(separate);
        const end = segments.lastIndexOf(1);
        return { segments: ids.map((_, place) => (place > at && place <= end ? 1 : 0)) };
      }),
    },
    {
      id: 'mask-by-padding',
      defect: 'tokenizer-decode-special-03',
      wrong: 'masks every id that is that of the padding',
      run: looked(({ ids }, { pad }) => ({ mask: ids.map((id) => id !== pad) })),
    },
    {
      id: 'control-ids-left-out',
      defect: 'tokenizer-decode-special-03',
      wrong: 'leaves ids of control tokens out of the texts',
      run: withInput(honest, (input) => {
        const controls = [input.classify, input.separate, input.pad];
        const isText = (id: number) => !controls.includes(id);
        const { second } = input;
        return {
          ...input,
          first: input.first.filter(isText),
          ...(second === undefined ? {} : { second: second.filter(isText) }),
        };
      }),
    },
    {
      id: 'already-a-template',
      defect: 'tokenizer-decode-special-03',
      wrong: 'puts no [CLS] before a text that begins with its id',
      run: withInput(honest, (input) =>
        input.first[0] === input.classify ? { ...input, first: input.first.slice(1) } : input,
      ),
    },
    {
      id: 'row-cut-at-its-end',
      defect: 'classic',
      wrong: 'cuts the finished row, its separators too',
      run: template({ cut: (first, second) => [first, second] }),
    },
    {
      id: 'cut-at-the-start',
      defect: 'classic',
      wrong: 'takes ids from the starts of the texts',
      run: template({
        cut: (first, second, room) => {
          const [a, b] = sound.cut(first, second, room);
          return [first.slice(first.length - a.length), second.slice(second.length - b.length)];
        },
      }),
    },
    {
      id: 'ties-from-the-first',
      defect: 'classic',
      wrong: 'takes from the first text where both are as long',
      run: template({ cut: cutBy((first, second) => first >= second) }),
    },
    {
      id: 'one-more-to-the-longer',
      defect: 'classic',
      wrong: 'gives the one more of an odd room to the text that was longer',
      run: template({ cut: halves }),
    },
    {
      id: 'second-first',
      defect: 'classic',
      wrong: 'takes from the second text until nothing is left of it',
      run: template({ cut: cutBy(() => false) }),
    },
    {
      id: 'always-halves',
      defect: 'classic',
      wrong: 'gives each text half of the room, whether it needs it or not',
      run: template({
        cut: (first, second, room) =>
          first.length + second.length <= room
            ? [first, second]
            : [first.slice(0, room - (room >> 1)), second.slice(0, room >> 1)],
      }),
    },
    {
      id: 'room-for-two',
      defect: 'classic',
      wrong: 'keeps room for two control tokens, whatever there is',
      run: template({ cut: (first, second, room) => sound.cut(first, second, room + 1) }),
    },
    {
      id: 'room-for-three',
      defect: 'classic',
      wrong: 'keeps room for three control tokens, whatever there is',
      run: (input) =>
        template({
          cut: (first, second, room) =>
            sound.cut(first, second, Math.max(0, room + controlsOf(input) - 3)),
        })(input),
    },
    {
      id: 'empty-is-none',
      defect: 'classic',
      wrong: 'leaves the separator of an empty second text out, as BERT’s code does',
      run: template({
        lay: (kept, input) =>
          kept[1].length === 0
            ? sound.lay(kept, { ...input, second: undefined })
            : sound.lay(kept, input),
      }),
    },
    {
      id: 'two-separators-between',
      defect: 'classic',
      wrong: 'separates two texts by two separators, as RoBERTa does',
      run: template({
        cut: (first, second, room) => sound.cut(first, second, Math.max(0, room - 1)),
        lay: ([first, second], { classify, separate, second: asked }) => {
          const begin = [classify, ...first, separate];
          return asked === undefined
            ? { ids: begin, start: begin.length }
            : { ids: [...begin, separate, ...second, separate], start: begin.length + 1 };
        },
      }),
    },
    {
      id: 'no-last-separator',
      defect: 'classic',
      wrong: 'leaves the separator behind the second text out',
      run: template({
        lay: (kept, input) => {
          const { ids, start } = sound.lay(kept, input);
          return { ids: input.second === undefined ? ids : ids.slice(0, -1), start };
        },
      }),
    },
    {
      id: 'separator-of-the-second',
      defect: 'classic',
      wrong: 'counts the first separator to segment 1',
      run: template({
        lay: (kept, input) => {
          const { ids, start } = sound.lay(kept, input);
          return { ids, start: input.second === undefined ? start : start - 1 };
        },
      }),
    },
    {
      id: 'last-separator-in-segment-zero',
      defect: 'classic',
      wrong: 'counts the second separator to segment 0',
      run: looked((row) => ({
        segments: row.segments.map((segment, place) => (place === lengthOf(row) - 1 ? 0 : segment)),
      })),
    },
    {
      id: 'padding-in-segment-one',
      defect: 'classic',
      wrong: 'goes on with segment 1 in the padding',
      run: looked((row, { second }) => ({
        segments: row.segments.map((segment, place) =>
          second !== undefined && place >= lengthOf(row) ? 1 : segment,
        ),
      })),
    },
    {
      id: 'one-segment',
      defect: 'classic',
      wrong: 'has segment 0 everywhere',
      run: looked(({ segments }) => ({ segments: segments.map(() => 0) })),
    },
    {
      id: 'mask-inverted',
      defect: 'classic',
      wrong: 'has a mask that is true where nothing may be attended to',
      run: looked(({ mask }) => ({ mask: mask.map((attends) => !attends) })),
    },
    {
      id: 'mask-of-everything',
      defect: 'classic',
      wrong: 'lets the padding be attended to',
      run: looked(({ mask }) => ({ mask: mask.map(() => true) })),
    },
    {
      id: 'control-tokens-masked',
      defect: 'classic',
      wrong: 'masks the last control token too',
      run: looked((row) => ({
        mask: row.mask.map((attends, place) => attends && place < lengthOf(row) - 1),
      })),
    },
    {
      id: 'padded-in-front',
      defect: 'classic',
      wrong: 'puts the padding in front',
      run: withOutput(honest, (row) => {
        const length = lengthOf(row);
        const turned = <T>(list: readonly T[]) => [...list.slice(length), ...list.slice(0, length)];
        return {
          ids: turned(row.ids),
          segments: turned(row.segments),
          mask: turned(row.mask),
        };
      }),
    },
    {
      id: 'not-padded',
      defect: 'classic',
      wrong: 'leaves the row as long as what stands in it',
      run: withOutput(honest, (row) => ({
        ids: row.ids.slice(0, lengthOf(row)),
        segments: row.segments.slice(0, lengthOf(row)),
        mask: row.mask.slice(0, lengthOf(row)),
      })),
    },
    {
      id: 'controls-fixed',
      defect: 'classic',
      wrong: 'takes BERT’s control tokens, whatever is asked for',
      run: withInput(honest, (input) => ({ ...input, classify: 101, separate: 102, pad: 0 })),
    },
    {
      id: 'zero-is-none',
      defect: 'classic',
      wrong: 'takes an id 0 of a control token for none given',
      run: withInput(honest, (input) => ({
        ...input,
        classify: input.classify || 101,
        separate: input.separate || 102,
      })),
    },
  ],
};
