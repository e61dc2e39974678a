// A vector store that looks at everything. Its argument names what is wrong with it.
import { adapt, say } from './adapter.mjs';

const [, , fault = ''] = process.argv;
const sessions = new Map();

const rowsOf = ({ shape: [count, width], data }) => {
  const bytes = Buffer.from(data, 'base64');
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: width }, (_item, j) => bytes.readFloatLE(4 * (i * width + j))),
  );
};
const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const norm = (a) => Math.sqrt(dot(a, a));
const scores = {
  dot,
  euclidean: (a, b) => norm(a.map((x, i) => x - b[i])),
  cosine: (a, b) => (norm(a) * norm(b) === 0 ? 0 : dot(a, b) / norm(a) / norm(b)),
};
const isSound = (rows, { dimension }) =>
  rows.every((row) => row.length === dimension && row.every(Number.isFinite));

function add(store, { ids, vectors }) {
  const rows = rowsOf(vectors);
  if (vectors.shape[1] !== store.dimension || !isSound(rows, store)) return { reject: 'vectors' };
  if (new Set(ids).size < ids.length) return { reject: 'ids' };
  for (const [i, id] of ids.entries()) store.held.set(id, rows[i]);
  return { output: {} };
}

function remove(store, { ids }) {
  for (const id of ids) {
    if (!store.held.has(id)) return { reject: `no ${id}` };
    if (fault === 'removes-half') store.held.delete(id);
  }
  if (fault === 'keeps-removed') return { output: {} };
  for (const id of ids) store.held.delete(id);
  return { output: {} };
}

function search(store, { queries, k, allowedIds }) {
  const rows = rowsOf(queries);
  if (queries.shape[1] !== store.dimension || !isSound(rows, store)) return { reject: 'queries' };
  if (!(k >= 1)) return { reject: 'k' };
  const sign = store.metric === 'euclidean' ? 1 : -1;
  const found = rows.map((query) =>
    [...store.held]
      .filter(([id]) => allowedIds === undefined || allowedIds.includes(id))
      .map(([id, vector]) => [id, scores[store.metric](query, vector)])
      .sort(([, x], [, y]) => sign * (x - y))
      .slice(0, k),
  );
  const ids = found.map((list) => list.map(([id]) => id));
  return { output: { ids, scores: found.map((list) => list.map(([, score]) => score)) } };
}

const save = ({ held }) => {
  const bytes = Buffer.from(JSON.stringify([...held]));
  const data = bytes.toString('base64');
  return { output: { bytes: { dtype: 'uint8', shape: [bytes.length], data } } };
};

function load(store, { bytes }) {
  try {
    store.held = new Map(JSON.parse(Buffer.from(bytes.data, 'base64').toString()));
    return { output: {} };
  } catch {
    return { reject: 'bytes' };
  }
}

const count = ({ held }) => ({ output: { count: held.size } });
const actions = { add, remove, search, save, load, count };

await adapt(
  ({ id, call, input, session, action }) => {
    if (call === 'open') {
      sessions.set(String(id), { ...input, held: new Map() });
      return say({ id, session: String(id) });
    }
    if (call === 'close') return sessions.delete(session) && say({ id });
    if (fault === 'no-save' && (action === 'save' || action === 'load'))
      return say({ id, unsupported: 'nothing is kept' });
    return say({ id, ...actions[action](sessions.get(session), input) });
  },
  {
    name: 'store',
    version: '1',
    components: { flatIndex: { numerics: { accumulate: 'float64' } } },
  },
);
