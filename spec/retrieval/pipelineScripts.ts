import fc, { type Arbitrary } from 'fast-check';
import { metrics, type Metric } from '../bounds/ranking.ts';
import type { Level } from '../component.ts';
import { elementsOf, rows } from '../indexes/scripts.ts';
import { tensor } from '../tensor.ts';
import { hardTexts } from '../text/texts.ts';
import type {
  Chunk,
  Ingest,
  PipelineAction,
  PipelineScript,
  Property,
  Search,
} from './pipelineScript.ts';

/** Names that are one to those who normalise, fold, trim, or keep them as the keys of an object. */
const names = ['a', 'A', 'a ', '', '__proto__', 'constructor', 'e\u0301', '\u00E9'] as const;
const keys = ['language', 'Language', '__proto__', 'constructor', ''] as const;
const values = ['en', 'EN', 'de', ''] as const;

const greatest = 2147483647;
const pool = [0, 1, 2, 3, 4, 5, 6, 7, greatest] as const;

const property: Arbitrary<Property> = fc.record({
  key: fc.constantFrom(...keys.slice(0, 3), ...keys),
  value: fc.constantFrom(...values),
});

/** What would be read again by one that fills a template piece by piece. */
const injections = ['{{question}}', '{{documents}}', '$&', '$1', '<|system|>', '[3]', ''] as const;

const texts = (level: Level): Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...injections), hardTexts(level === 'scale' ? 'core' : level))
    .map((parts) => parts.join(''));

/** Each document has ids of its own mostly, and now and then those of others. */
const idsOf = (place: number): Arbitrary<readonly number[]> => {
  const own = pool.filter((id) => id % 4 === place % 4);
  return fc.oneof(
    { weight: 12, arbitrary: fc.uniqueArray(fc.constantFrom(...own), { maxLength: own.length }) },
    { weight: 2, arbitrary: fc.uniqueArray(fc.constantFrom(...pool), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...own), { minLength: 2, maxLength: 3 }) },
  );
};

const chunk = (id: number, level: Level): Arbitrary<Chunk> =>
  fc.record({
    id: fc.constant(id),
    text: fc.oneof(
      { weight: 30, arbitrary: texts(level) },
      { weight: 1, arbitrary: fc.constant('a\uD83D') },
    ),
    metadata: fc.array(property, { maxLength: 3 }),
  });

const ingesting = (
  width: number,
  element: Arbitrary<number>,
  level: Level,
): Arbitrary<PipelineAction> =>
  fc
    .nat({ max: names.length - 1 })
    .chain((place) => fc.tuple(fc.constant(names[place] ?? ''), idsOf(place)))
    .chain(([document, ids]) =>
      fc.record({
        document: fc.constant(document),
        chunks: fc.tuple(...ids.map((id) => chunk(id, level))),
        vectors: rows(ids.length, width, element),
      }),
    )
    .map((input) => ({ action: 'ingest', input }));

const thresholds = fc.constantFrom(0, 0, 0.5, 0.75, 1, 2, 3, -1, -4, 0.1, 2 ** 40);

const searching = (width: number, element: Arbitrary<number>): Arbitrary<PipelineAction> =>
  fc
    .record(
      {
        query: rows(1, width, element).map(({ dtype, shape, data }) =>
          tensor(dtype, shape.slice(1), data),
        ),
        k: fc.oneof(
          { weight: 30, arbitrary: fc.integer({ min: 1, max: 7 }) },
          { weight: 1, arbitrary: fc.constant(0) },
        ),
        threshold: thresholds,
        filter: fc.array(property, { maxLength: 2 }),
      },
      { requiredKeys: ['query', 'k'] },
    )
    .map((input) => ({ action: 'search', input }));

const templates = [
  '{{documents}}\nQ: {{question}}',
  'Q: {{question}}\nA, by these:\n{{documents}}',
  '{{question}}{{question}}{{documents}}$&',
] as const;

const assembling = (level: Level): Arbitrary<PipelineAction> =>
  fc
    .record({
      question: texts(level),
      template: fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(...templates) },
        { weight: 1, arbitrary: fc.constantFrom('{{question}}', '{{documents}}', '') },
      ),
      budget: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(400, 4000) },
        { weight: 3, arbitrary: fc.integer({ min: 40, max: 140 }) },
        { weight: 1, arbitrary: fc.constantFrom(0, 1, 7.5) },
      ),
    })
    .map((input) => ({ action: 'assemble', input }));

/** Citations, and what looks like one. */
const cited = [
  pool.map((id) => `[${id}]`),
  ['[2147483648]', '[99]', '[[1]]', '[2][2]', '[007]', '[00]', '[-1]', '[+1]', '[1, 2]', '[ 3 ]'],
  ['[1.0]', '[1e0]', '[0x1]', '[', ']', '[]', '[\u0663]', '\uFF3B1\uFF3D', '(4)', '5', 'so '],
  ['[12345678901]', '[1\u200B]', '$&', '\u{1F600}', '\uD83D', '{{question}}'],
].flat();

const attributing: Arbitrary<PipelineAction> = fc
  .array(fc.constantFrom(...cited), { maxLength: 8 })
  .map((parts) => ({ action: 'attribute', input: { answer: parts.join('') } }));

const others: Arbitrary<PipelineAction> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<PipelineAction>({ action: 'count', input: {} }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...names.slice(0, 4), ...names)
      .map((document): PipelineAction => ({ action: 'remove', input: { document } })),
  },
);

/** Scripts of a level: something is ingested, then anything may come; what belongs together comes together mostly. */
export const pipelineScripts = (level: Level): Arbitrary<PipelineScript> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: level === 'scale' ? 33 : 3 }),
      fc.constantFrom<Metric>(...metrics),
      elementsOf(level),
    )
    .chain(([dimension, metric, element]) => {
      const ingest = ingesting(dimension, element, level);
      const search = searching(dimension, element);
      const assemble = assembling(level);
      const one = fc.oneof(
        { weight: 3, arbitrary: ingest },
        { weight: 3, arbitrary: search },
        { weight: 1, arbitrary: assemble },
        { weight: 1, arbitrary: attributing },
        { weight: 2, arbitrary: others },
      );
      const steps = fc.oneof(
        { weight: 3, arbitrary: one.map((action) => [action]) },
        { weight: 1, arbitrary: fc.tuple(search, assemble, attributing) },
        { weight: 1, arbitrary: fc.tuple(search, others, assemble, others, attributing) },
      );
      return fc
        .tuple(
          fc.array(ingest, { minLength: 1, maxLength: 3 }),
          fc.array(steps, { maxLength: level === 'scale' ? 10 : 6 }),
          fc.tuple(search, assemble, attributing),
        )
        .map(([first, between, last]) => ({
          open: { dimension, metric },
          actions: [...first, ...between.flat(), ...last],
        }));
    });

/** An ingestion of a golden vector: chunks as [id, text, vector, …properties], a property as 'key=value'. */
export const ingest = (
  document: string,
  ...chunks: readonly (readonly [number, string, readonly number[], ...string[]])[]
): Ingest => ({
  action: 'ingest',
  input: {
    document,
    chunks: chunks.map(([id, text, , ...properties]) => ({
      id,
      text,
      metadata: properties.map(propertyOf),
    })),
    vectors: tensor(
      'float32',
      [chunks.length, chunks[0]?.[2].length ?? 0],
      chunks.flatMap(([, , vector]) => vector),
    ),
  },
});

const propertyOf = (text: string): Property => {
  const [key = '', value = ''] = text.split('=');
  return { key, value };
};

export const search = (
  query: readonly number[],
  k: number,
  { threshold, filter }: { readonly threshold?: number; readonly filter?: readonly string[] } = {},
): Search => ({
  action: 'search',
  input: {
    query: tensor('float32', [query.length], query),
    k,
    ...(threshold === undefined ? {} : { threshold }),
    ...(filter === undefined ? {} : { filter: filter.map(propertyOf) }),
  },
});

export const remove = (document: string): PipelineAction => ({
  action: 'remove',
  input: { document },
});
export const assemble = (
  budget: number,
  question = 'Why?',
  template: string = templates[0],
): PipelineAction => ({ action: 'assemble', input: { question, template, budget } });
export const attribute = (answer: string): PipelineAction => ({
  action: 'attribute',
  input: { answer },
});
export const count: PipelineAction = { action: 'count', input: {} };
