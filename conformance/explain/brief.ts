const mostItems = 12;
const mostCharacters = 400;

/** A value that is no tensor, in a few words: what is long is cut. */
export function brief(value: unknown): string {
  const text = written(value);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

function written(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Map)
    return `{ ${[...value].map(([key, item]) => `${String(key)}: ${written(item)}`).join(', ')} }`;
  if (value instanceof Set) return `{${items([...value])}}`;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) return `[${items(value)}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([key, item]) => `${key}: ${written(item)}`);
  return `{ ${fields.join(', ')} }`;
}

function items(list: readonly unknown[]): string {
  const shown = list.slice(0, mostItems).map(written);
  return list.length > mostItems
    ? [...shown, `… ${list.length - mostItems} more`].join(', ')
    : shown.join(', ');
}
