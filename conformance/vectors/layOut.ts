const lineWidth = 100;
const indentation = 2;

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

const compact = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(compact).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${compact(item)}`).join(', ')} }`;
};

/** Elements side by side, as many on a line as fit. */
function filled(items: readonly string[], margin: string): string {
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    if (line !== '' && margin.length + line.length + 1 + item.length > lineWidth) {
      lines.push(line);
      line = item;
    } else line = line === '' ? item : `${line} ${item}`;
  }
  return [...lines, line].map((text) => `${margin}${text}`).join('\n');
}

/** JSON for people and for diffs: keys in their order, what fits on one line, lists of numbers filled to the width. The same bytes everywhere. */
export function layOut(value: unknown, depth = 0, before = 0): string {
  const short = compact(value);
  if (isPlain(value) || (depth > 1 && depth * indentation + before + short.length < lineWidth)) return short;
  const margin = ' '.repeat(indentation * (depth + 1));
  const end = ' '.repeat(indentation * depth);
  if (Array.isArray(value)) {
    const items = value.map((item, i) => `${layOut(item, depth + 1)}${i === value.length - 1 ? '' : ','}`);
    if (items.length === 0) return '[]';
    return `[\n${value.every(isPlain) ? filled(items, margin) : items.map((item) => margin + item).join('\n')}\n${end}]`;
  }
  if (typeof value !== 'object' || value === null) return short;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${margin}${JSON.stringify(key)}: ${layOut(item, depth + 1, key.length + 4)}`);
  return `{\n${lines.join(',\n')}\n${end}}`;
}
