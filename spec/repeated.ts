/** The place of the first that stood before, or nothing. */
export function placeOfRepeat(list: ArrayLike<unknown>): number | undefined {
  const seen = new Set<unknown>();
  for (let i = 0; i < list.length; i += 1) {
    if (seen.has(list[i])) return i;
    seen.add(list[i]);
  }
  return undefined;
}
