import { references } from '../../reference/index.ts';
import { spec, type Name, type Output } from '../../spec/index.ts';
import { roundingOf } from '../../spec/numerics.ts';
import { withoutOutput } from '../checking/examiner.ts';
import type { Implementation } from '../interface/implementation.ts';
import { judgeByParts } from '../judging/parts.ts';
import { withLists } from '../interface/lists.ts';
import type { Verdict } from '../judging/verdict.ts';

const timeoutSeconds = 60;

/** How many inputs were put to an implementation, how many answers of them were judged, and the worst error / bound. */
export interface Tally {
  readonly asked: number;
  readonly judged: number;
  readonly used: number;
}

/** A verdict that stops the demo. */
export type Refutation = Exclude<Verdict, { readonly status: 'pass' | 'known' }>;

/** An answer that is wrong, or none; or something that does not hold of answers which are right one by one. */
export class Refuted extends Error {
  override readonly name = 'Refuted';
  readonly component: Name | undefined;
  readonly verdict: Refutation;
  constructor(component: Name | undefined, verdict: Refutation) {
    super('message' in verdict ? verdict.message : verdict.reason);
    this.component = component;
    this.verdict = verdict;
  }
}

/** Puts inputs to an implementation. */
export interface Assay {
  /** The answer to an input, judged against the reference for that very input. */
  readonly judged: <N extends Name>(name: N, input: object) => Promise<Output<N>>;
  /** The answer to an input that would take too long to be judged. */
  readonly taken: <N extends Name>(name: N, input: object) => Promise<Output<N>>;
  /** Judges an answer that was come by in another way, as if it were given to an input. */
  readonly prove: <N extends Name>(name: N, input: object, output: Output<N>) => void;
  readonly tally: () => Tally;
}

/** @throws Refuted where something that has to be so is not */
export function claim(holds: boolean, message: string): void {
  if (holds) return;
  const at = { field: '' };
  throw new Refuted(undefined, { status: 'fail', at, actual: false, expected: true, message });
}

/** An assay of an implementation: its methods throw `Refuted` as soon as an answer is wrong. */
export function assayOf(implementation: Implementation): Assay {
  let [asked, judged, used] = [0, 0, 0];
  const weigh = <N extends Name>(name: N, input: object, output: Output<N>): void => {
    const subject = { component: spec[name], reference: references[name] };
    const numerics = implementation.offers.get(name)?.numerics ?? {};
    const { verdict, decided } = judgeByParts(
      subject,
      spec[name].input.parse(input),
      output,
      numerics,
    );
    if (verdict.status === 'known') return;
    if (verdict.status !== 'pass') throw new Refuted(name, verdict);
    if (decided) judged += 1;
    used = Math.max(used, verdict.used);
  };
  const taken = async <N extends Name>(name: N, input: object): Promise<Output<N>> => {
    asked += 1;
    const answer = await implementation.run(name, input, timeoutSeconds);
    if (!('output' in answer)) throw new Refuted(name, withoutOutput(answer));
    const rounding = roundingOf(implementation.offers.get(name)?.numerics ?? {});
    const { output } = spec[name];
    const parsed = output.safeParse(withLists(output, answer.output, rounding));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Refuted(name, {
      status: 'fail',
      at: { field: issue?.path.join('.') ?? '' },
      actual: answer.output,
      expected: 'an output as described',
      message: issue?.message ?? 'malformed',
    });
  };
  return {
    taken,
    prove: (name, input, output) => {
      asked += 1;
      weigh(name, input, output);
    },
    judged: async (name, input) => {
      const output = await taken(name, input);
      weigh(name, input, output);
      return output;
    },
    tally: () => ({ asked, judged, used }),
  };
}
