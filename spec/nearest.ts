/** Levenshtein's distance, a swap of neighbours counted as one. */
function distance(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [
    [],
    Array.from({ length: b.length + 1 }, (_, j) => j),
  ];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? Infinity;
}

/** The known name that a misspelt one most likely means, or nothing. Case does not count. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  const lower = text.toLowerCase();
  const ranked = known
    .map((name) => ({ name, far: distance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  if (best !== undefined && best.far <= Math.max(1, Math.floor(best.name.length / 3)))
    return best.name;
  return known.find((name) => lower.length > 2 && name.toLowerCase().startsWith(lower));
}

/** 'did you mean softmax?', or where no name is near, what there is. */
export const suggestion = (text: string, known: readonly string[], otherwise: string): string => {
  const name = nearest(text, known);
  return name === undefined ? otherwise : `did you mean ${name}?`;
};
