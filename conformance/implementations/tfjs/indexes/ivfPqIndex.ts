import { z } from 'zod';
import { centroidsOf } from '../../../../spec/indexes/codebooks.ts';
import type { PqOpening } from '../../../../spec/indexes/decoded.ts';
import { rowsOf, type FloatTensor } from '../../../../spec/tensor.ts';
import { Rejected, type Entry } from '../../../interface/implementation.ts';
import { indexOf, type Collection } from '../../collection.ts';
import type { Device } from '../device.ts';
import { searchedLists } from './ivfFlatIndex.ts';
import { listCentroids, listed, nearestLists, rowTensor } from './lists.ts';
import { pqEncode } from './pqEncode.ts';
import { trainedCodebooks } from './pqTrain.ts';
import { Shelf } from './stored.ts';

type Row = readonly number[];

const steps = 12;

/** All that is kept of a vector: its list and its codes. */
const codeSchema = z.strictObject({ list: z.int(), codes: z.array(z.int()).readonly() });
type Code = z.infer<typeof codeSchema>;
const savedSchema = z.array(z.tuple([z.int(), codeSchema]));

/** What vectors are coded with. */
interface Quantizer {
  readonly lists: FloatTensor;
  readonly codebooks: FloatTensor;
}

/** Every row less the centroid of its list. */
function residualsOf(rows: FloatTensor, centroids: readonly Row[], near: readonly Row[]) {
  const left = rowsOf(rows).map((row, i) => {
    const centroid = centroids[near[i]?.[0] ?? 0] ?? [];
    return row.map((x, d) => Math.fround(x - (centroid[d] ?? NaN)));
  });
  return rowTensor(left, rows.shape[1] ?? 0);
}

async function quantizerOf(device: Device, open: PqOpening): Promise<Quantizer> {
  const { metric, training, subvectors, centroids, seed } = open;
  const lists = await listCentroids(device, open);
  const rows = await listed(device, metric, training);
  const near = await nearestLists(device, lists, rows, 1);
  const residuals = residualsOf(rows, rowsOf(lists), near);
  const settings = { subvectors, centroids, iterations: steps, seed };
  return { lists, codebooks: await trainedCodebooks(device, residuals, settings) };
}

/** The codes of rows. */
async function coded(device: Device, { lists, codebooks }: Quantizer, rows: FloatTensor) {
  const near = await nearestLists(device, lists, rows, 1);
  const vectors = residualsOf(rows, rowsOf(lists), near);
  const { codes } = await pqEncode(device).run({ codebooks, vectors });
  return rowsOf(codes).map((row, i): Code => ({ list: near[i]?.[0] ?? 0, codes: row }));
}

/** What a code stands for: the centroid of its list and those of its residual. */
const decoderOf = ({ lists, codebooks }: Quantizer): ((code: Code) => Row) => {
  const centroids = rowsOf(lists);
  const books = centroidsOf(codebooks);
  return ({ list, codes }) => {
    const residual = codes.flatMap((code, m) => books[m]?.[code] ?? []);
    return (centroids[list] ?? []).map((x, d) => Math.fround(x + (residual[d] ?? NaN)));
  };
};

function savedIn(bytes: Uint8Array, { lists, subvectors, centroids }: PqOpening) {
  const rejected = new Rejected('bytes: expected what save answered, got others');
  const isCode = ({ list, codes }: Code): boolean =>
    list < lists && codes.length === subvectors && codes.every((code) => code < centroids);
  try {
    const saved = savedSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (saved.success && saved.data.every(([, code]) => isCode(code))) return saved.data;
  } catch {
    throw rejected;
  }
  throw rejected;
}

const openOn =
  (device: Device) =>
  async (open: PqOpening): Promise<Collection> => {
    const { dimension, metric } = open;
    const quantizer = await quantizerOf(device, open);
    const decode = decoderOf(quantizer);
    const held = new Map<number, Code>();
    const shelf = new Shelf(device, metric === 'cosine' ? 'direction' : metric);
    const all = (): FloatTensor => rowTensor([...held.values()].map(decode), dimension);
    const centroids = quantizer.lists;
    return {
      add: async ({ ids, vectors }) => {
        const codes = await coded(device, quantizer, await listed(device, metric, vectors));
        for (const [i, code] of codes.entries()) held.set(ids[i] ?? -1, code);
        shelf.clear();
      },
      remove: (ids) => {
        for (const id of ids) held.delete(id);
        shelf.clear();
      },
      search: (question) => {
        const [ids, codes] = [[...held.keys()], [...held.values()]];
        const listOf = (place: number): number => codes[place]?.list ?? -1;
        return searchedLists({ device, open, centroids, shelf }, ids, listOf, all, question);
      },
      save: () => Buffer.from(JSON.stringify([...held])),
      load: (bytes) => {
        const saved = savedIn(bytes, open);
        held.clear();
        for (const [id, code] of saved) held.set(id, code);
        shelf.clear();
        return [...held.keys()];
      },
      close: () => shelf.clear(),
    };
  };

/** Codes on the host; what they stand for on the device, while nothing changes. */
export const ivfPqIndex = (device: Device): Entry<'ivfPqIndex'> => ({
  numerics: device.numerics,
  run: indexOf(openOn(device)),
});
