import type { Action, IndexAnswer } from '../../spec/indexes/script.ts';
import { answerFields } from '../../spec/indexes/script.ts';
import { spec, type Name } from '../../spec/index.ts';
import { roundingOf } from '../../spec/numerics.ts';
import type { IndexPromise } from '../../spec/retrieval/pipelineScript.ts';
import {
  inProcess,
  Rejected,
  Unsupported,
  type Answer,
  type Implementation,
} from '../interface/implementation.ts';
import { withLists } from '../interface/lists.ts';
import type { OpenIndex } from './collection.ts';
import { migrationOver } from './migration.ts';
import { pipelineOver } from './pipeline.ts';

/** How an implementation's index is used. */
export interface Under {
  /** What its `open` takes besides `dimension` and `metric`: m, efConstruction, capacity, seed. */
  readonly open?: object;
  /** How its searches are tuned: ef, probes. */
  readonly tuning?: object;
  /** Whether its searches find the best, with these settings; exact where it is left out. */
  readonly index?: IndexPromise;
}

/** Seconds for the session so far. */
const timeout = 30;

const answers = answerFields();

/** The last answer of a session, as one that throws what was declined. */
function lastAnswer(answer: Answer, read: (output: unknown) => unknown): IndexAnswer {
  if ('unsupported' in answer) throw new Unsupported(answer.unsupported);
  if ('reject' in answer) throw new Rejected(answer.reject);
  if (!('output' in answer)) throw new Error('error' in answer ? answer.error : answer.broken);
  const last = answers.parse(read(answer.output)).answers.at(-1) ?? {};
  if (last.rejected !== undefined) throw new Rejected(last.rejected);
  if (last.unsupported !== undefined) throw new Unsupported(last.unsupported);
  return last;
}

/**
 * An implementation's index as sessions that are asked one thing after another. It takes whole scripts: each request is put with all that were
 * carried out before it.
 */
export const replayed =
  (implementation: Implementation, name: Name, { open = {}, tuning = {} }: Under): OpenIndex =>
  (opening) => {
    const done: Action[] = [];
    const rounding = roundingOf(implementation.offers.get(name)?.numerics ?? {});
    const read = (output: unknown) => withLists(spec[name].output, output, rounding);
    return {
      act: async (request) => {
        const asked =
          request.action === 'search'
            ? { action: request.action, input: { ...request.input, ...tuning } }
            : request;
        const script = { open: { ...opening, ...open }, actions: [...done, asked] };
        const answer = lastAnswer(await implementation.run(name, script, timeout), read);
        done.push(asked);
        return answer;
      },
    };
  };

/**
 * The retrieval components over an index of somebody else's: `retrievalPipeline`, and where the index is exact `modelMigration`.
 *
 * @example
 * checkComponent('retrievalPipeline', retrievalOver(mine, 'hnswIndex', { open: { m: 16, efConstruction: 64, capacity: 99, seed: 1 }, index: 'approximate' }), defaultSettings)
 * @throws RangeError where the implementation does not offer the index
 */
export function retrievalOver(
  implementation: Implementation,
  name: Name,
  under: Under = {},
): Implementation {
  const offer = implementation.offers.get(name);
  if (offer === undefined)
    throw new RangeError(
      `retrievalOver: expected a component that ${implementation.name} offers, got ${name}`,
    );
  const { numerics } = offer;
  const { index = 'exact' } = under;
  const openIndex = replayed(implementation, name, under);
  const pipeline = { run: pipelineOver(openIndex), numerics, options: { index: [index] } };
  const migration = { run: migrationOver(openIndex), numerics };
  return inProcess({
    name: `${implementation.name}, ${name}`,
    version: implementation.version,
    entries: {
      retrievalPipeline: pipeline,
      ...(index === 'exact' ? { modelMigration: migration } : {}),
    },
    close: implementation.close,
  });
}
