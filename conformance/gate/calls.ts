import { isDeepStrictEqual } from 'node:util';
import { references } from '../../reference/index.ts';
import { randomStream } from '../../spec/generate.ts';
import { spec, type Name } from '../../spec/index.ts';
import { roundingOf } from '../../spec/numerics.ts';
import { castTo } from '../interface/cast.ts';
import { copied } from '../interface/copy.ts';
import type { Call, Implementation, Offer } from '../interface/implementation.ts';
import { withLists } from '../interface/lists.ts';
import { judgeByParts } from '../judging/parts.ts';
import { moved } from './varied.ts';

/** A call that is timed, and a look at what it answered. */
export interface Ready {
  readonly call: Call;
  /** @throws Error where the answer is looked at, and is wrong */
  readonly check: (answer: unknown) => void;
}

/** What is timed of one side: so many calls with inputs that it was never given before. */
export interface Timed {
  readonly ready: (calls: number) => readonly Ready[];
}

/** So many inputs of different contents a timing, in turn; the next timing has others. */
const contents = 16;
/** One timing in so many is judged, at random: judging costs more than answering. */
const oneIn = 32;

export interface TimedSettings {
  readonly seed: number;
  readonly timeoutSeconds: number;
}

/** Something that is called with inputs of one size, in the storage that it works in; nothing where it does not answer them. */
export async function timedOf(
  name: Name,
  implementation: Implementation,
  input: object,
  { seed, timeoutSeconds }: TimedSettings,
): Promise<Timed | undefined> {
  const offer = implementation.offers.get(name);
  if (offer === undefined) return undefined;
  const cast = castTo(input, roundingOf(offer.numerics));
  if (typeof cast !== 'object' || cast === null) return undefined;
  const answer = await implementation.run(name, copied(cast), timeoutSeconds);
  if (!('output' in answer) || !isRight(name, cast, offer, answer.output)) return undefined;
  const isLookedAt = lookingAt(seed);
  let [turn, last] = [0, answer.output];
  const check = (given: object, own: unknown): void => {
    const isKnown = given === cast && isDeepStrictEqual(copied(own), last);
    if (isKnown || (given !== cast && !isLookedAt())) return;
    if (!isRight(name, given, offer, own))
      throw new Error(`${name}: an answer of a call that was timed is wrong`);
    if (given === cast) last = copied(own);
  };
  const callsWith = (given: object): (() => Ready) => {
    const prepared = implementation.prepare?.(name, given);
    if (prepared !== undefined)
      return () => ({ call: prepared(), check: (own) => check(given, own) });
    return () => {
      const own = copied(given);
      return {
        call: () => implementation.run(name, own, timeoutSeconds),
        check: (all) => check(given, outputOf(all)),
      };
    };
  };
  return {
    ready: (calls) => {
      const makers = Array.from({ length: Math.min(calls, contents) }, () =>
        callsWith(another(name, cast, (turn += 1))),
      );
      return Array.from({ length: calls }, (_, i) => makers[i % makers.length]).flatMap(
        (make) => make?.() ?? [],
      );
    },
  };
}

/** The input with its elements moved on; the input itself where that makes it invalid, or there is nothing to move. */
function another(name: Name, input: object, places: number): object {
  const other = moved(input, places);
  return isDeepStrictEqual(other, input) || !spec[name].input.safeParse(other).success
    ? input
    : other;
}

/** Whether a timing is looked at: the first, and one in so many after it. */
function lookingAt(seed: number): () => boolean {
  const next = randomStream(seed);
  let isFirst = true;
  return () => {
    const looks = isFirst || next() < 1 / oneIn;
    isFirst = false;
    return looks;
  };
}

const outputOf = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null && 'output' in answer ? answer.output : undefined;

function isRight<N extends Name>(
  name: N,
  input: object,
  { numerics }: Offer,
  answer: unknown,
): boolean {
  const subject = { component: spec[name], reference: references[name] };
  const own = withLists(spec[name].output, copied(answer), roundingOf(numerics));
  return (
    judgeByParts(subject, spec[name].input.parse(input), own, numerics).verdict.status === 'pass'
  );
}
