import type { Entry } from '../../../interface/implementation.ts';

/** How many ids of each list are left, in closed form: each keeps half of the room, or what the other leaves over; of an odd room the first has more. */
function keptOf(first: number, second: number, room: number): readonly [number, number] {
  const half = room >> 1;
  return [
    Math.min(first, Math.max(room - half, room - second)),
    Math.min(second, Math.max(half, room - first)),
  ];
}

/** Laid out on the host: rows full of padding, into which the rest is written. */
export const sequenceTemplate: Entry<'sequenceTemplate'> = {
  run: ({ first, second, maxLength, classify, separate, pad }) => {
    const room = maxLength - (second === undefined ? 2 : 3);
    const [ofFirst, ofSecond] = keptOf(first.length, second?.length ?? 0, room);
    const ids = Array.from({ length: maxLength }, () => pad);
    const segments = Array.from({ length: maxLength }, () => 0);
    const mask = Array.from({ length: maxLength }, () => false);
    ids[0] = classify;
    for (let i = 0; i < ofFirst; i += 1) ids[1 + i] = first[i] ?? pad;
    let end = ofFirst + 2;
    ids[end - 1] = separate;
    if (second !== undefined) {
      for (let i = 0; i < ofSecond; i += 1) ids[end + i] = second[i] ?? pad;
      segments.fill(1, end, end + ofSecond + 1);
      end += ofSecond + 1;
      ids[end - 1] = separate;
    }
    mask.fill(true, 0, end);
    return { ids, segments, mask };
  },
};
