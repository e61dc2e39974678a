import { sequenceTemplate as spec } from '../../spec/text/sequenceTemplate.ts';
import { reference } from '../reference.ts';

/** The lists without what has to go from their ends, one id at a time from the longer. */
function truncated(
  first: readonly number[],
  second: readonly number[],
  room: number,
): readonly [readonly number[], readonly number[]] {
  const [a, b] = [[...first], [...second]];
  while (a.length + b.length > room) (a.length > b.length ? a : b).pop();
  return [a, b];
}

export const sequenceTemplate = reference(
  spec,
  (_arithmetic, { first, second, maxLength, classify, separate, pad }) => {
    const controls = second === undefined ? 2 : 3;
    const [a, b] = truncated(first, second ?? [], maxLength - controls);
    const token = (id: number, segment: number) => ({ id, segment, attends: true });
    const row = [
      token(classify, 0),
      ...a.map((id) => token(id, 0)),
      token(separate, 0),
      ...b.map((id) => token(id, 1)),
      ...(second === undefined ? [] : [token(separate, 1)]),
    ];
    while (row.length < maxLength) row.push({ id: pad, segment: 0, attends: false });
    return {
      ids: row.map(({ id }) => id),
      segments: row.map(({ segment }) => segment),
      mask: row.map(({ attends }) => attends),
    };
  },
);
