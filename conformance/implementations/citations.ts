/** The greatest id, and its digits. */
const greatest = 2 ** 31 - 1;
const mostDigits = 10;

/** The ids in square brackets of a text, in its order: an id is what is written as that id is. */
export function citations(text: string): readonly number[] {
  const found = new Set<number>();
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) {
    const inside = text.slice(at + 1, at + mostDigits + 2);
    const digits = inside.slice(0, Math.max(0, inside.indexOf(']')));
    const id = Number(digits);
    if (String(id) === digits && Number.isInteger(id) && id >= 0 && id <= greatest) found.add(id);
  }
  return [...found];
}
