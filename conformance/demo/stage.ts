import type { Name } from '../../spec/index.ts';
import { failureDetails } from '../checking/failure.ts';
import type { Implementation } from '../interface/implementation.ts';
import { assayOf, Refuted, type Assay, type Tally } from './assay.ts';

/** What came of a stage. */
export interface StageReport extends Tally {
  readonly stage: string;
  /** What was done, in a few words; of a stage that failed, what is wrong. */
  readonly did: string;
  readonly verdict: 'pass' | 'fail' | 'unsupported' | 'broken' | 'skipped';
  readonly seconds: number;
  readonly failure?: StageFailure;
}

/** What is wrong, and with which component, where it is with one. */
export interface StageFailure extends Details {
  readonly component?: Name;
}
type Details = ReturnType<typeof failureDetails>;

/** What a stage hands on, and what it did in a few words. */
export interface Done<T> {
  readonly did: string;
  readonly result: T;
}

/** Runs a stage and returns what it hands on. */
export type RunStage = <T>(stage: string, work: (assay: Assay) => Promise<Done<T>>) => Promise<T>;

/** A stage before has failed: there is nothing to go on with. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Runs stages on an implementation, each with an assay of its own, and reports each when it is over. */
export const stagesOn =
  (implementation: Implementation, report: (one: StageReport) => void): RunStage =>
  async (stage, work) => {
    const started = performance.now();
    const assay = assayOf(implementation);
    const seconds = () => (performance.now() - started) / 1000;
    try {
      const { did, result } = await work(assay);
      report({ stage, did, verdict: 'pass', ...assay.tally(), seconds: seconds() });
      return result;
    } catch (error) {
      if (!(error instanceof Refuted)) throw error;
      const { verdict, message } = error;
      const failure = failureOf(error);
      report({
        stage,
        did: message,
        verdict: verdict.status,
        ...assay.tally(),
        seconds: seconds(),
        failure,
      });
      throw new Stopped(stage, { cause: error });
    }
  };

function failureOf({ component, verdict, message }: Refuted): StageFailure {
  const of = component === undefined ? {} : { component };
  return verdict.status === 'fail'
    ? { ...of, ...failureDetails(verdict) }
    : { ...of, at: '', expected: 'an output', actual: verdict.status, message };
}
