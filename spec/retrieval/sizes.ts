import { axis } from '../lengths.ts';
import type { Metric } from '../bounds/ranking.ts';
import type { Draw, Sized } from '../sized.ts';
import { wordOf } from '../text/texts.ts';
import type { MigrationScript } from './migrationScript.ts';
import type { PipelineScript } from './pipelineScript.ts';

const axes = {
  N: axis('vectors', [33, 65, 257, 513], [2, 3, 5]),
  D: axis('components of a vector', [16, 32, 33], [1, 2, 4]),
} as const;
const work = ({ N = 1, D = 1 }: Readonly<Record<string, number>>): number => 60 * N * (D + 20);

const metricOf = (draw: Draw): Metric => draw.pick('metric', 'euclidean', 'cosine', 'dot');
const plain = { holds: 'normal' } as const;

/** The same documents in two versions, the second of which is then made active. */
export const migrationSizes: Sized<MigrationScript> = {
  axes,
  work,
  input: ({ N = 1, D = 1 }, draw) => {
    const ids = Array.from({ length: N }, (_, i) => 3 * i);
    const added = (version: string) => ({
      action: 'add' as const,
      input: { version, ids, vectors: draw.floats(`vectors ${version}`, [N, D], plain) },
    });
    const search = {
      action: 'search' as const,
      input: { queries: draw.floats('queries', [2, D], plain), k: 5 },
    };
    return {
      open: {
        metric: metricOf(draw),
        versions: [
          { name: 'old', dimension: D },
          { name: 'new', dimension: D },
        ],
      },
      actions: [
        added('old'),
        search,
        added('new'),
        { action: 'missing', input: { version: 'new' } },
        { action: 'activate', input: { version: 'new' } },
        search,
        { action: 'remove', input: { ids: ids.slice(0, 2) } },
        { action: 'count', input: {} },
      ],
    };
  },
};

export const pipelineSizes: Sized<PipelineScript> = {
  axes: { ...axes, n: axis('characters of a chunk', [257, 4097], [1, 9]) },
  work: (lengths) => work(lengths) + 30 * (lengths['N'] ?? 1) * (lengths['n'] ?? 1),
  input: ({ N = 1, D = 1, n = 1 }, draw) => {
    const chunks = Array.from({ length: N }, (_, i) => ({
      id: 3 * i,
      text: wordOf(draw.seed(`chunks.${i}`), n, 'ab {}\n'),
      metadata: [{ key: 'language', value: i % 2 === 0 ? 'en' : 'de' }],
    }));
    const question = { question: 'what?', template: '{{documents}}\n{{question}}' };
    return {
      open: { dimension: D, metric: metricOf(draw) },
      actions: [
        {
          action: 'ingest',
          input: { document: 'a', chunks, vectors: draw.floats('vectors', [N, D], plain) },
        },
        { action: 'search', input: { query: draw.floats('query', [D], plain), k: 5 } },
        { action: 'assemble', input: { ...question, budget: 20 + 3 * (n + 10) } },
        { action: 'count', input: {} },
      ],
    };
  },
};
