import { spec } from '../../spec/index.ts';
import { stagesOf, type Stage } from '../checking/stages.ts';
import type { Subject } from './settings.ts';
import { claimOf } from '../checking/claim.ts';

/** A stage, and the place that it has among those of `touchstone check`. */
export interface Placed {
  readonly stage: Stage;
  readonly position: number;
}

/** What one test puts to a kernel. */
export interface Group {
  readonly title: string;
  readonly stages: readonly Placed[];
  /** Whether what comes of it is the kernel's doing. */
  readonly reachesKernel: boolean;
  /** Why nothing may be to be said of all that it puts. */
  readonly silence?: string;
}

const vectorsTitle = 'golden vectors';

/**
 * The rejection comes from `inProcess`, as under `touchstone check`: a kernel never gets an invalid input. Of an index it is the spec's script
 * that is invalid; calls that an index itself has to reject stand in valid scripts.
 */
const invalidTitle = 'invalid inputs are rejected before they reach it';

const titleOf = ({ kind, level, title }: Stage): string => {
  if (kind === 'vector') return vectorsTitle;
  if (kind === 'invalid') return invalidTitle;
  return kind === 'generated' ? `${level}: generated inputs` : `${level}: ${title}`;
};

/** The stages of a component by the test that they belong to: one a law, a level and a set of vectors. */
export function groupsOf({ name, implementation, offer, settings }: Subject): readonly Group[] {
  const made = new Map<string, Placed[]>(settings.shapes === undefined ? [[vectorsTitle, []]] : []);
  for (const [position, stage] of stagesOf(
    name,
    implementation,
    claimOf(name, offer),
    settings,
  ).entries()) {
    const title = titleOf(stage);
    const placed = made.get(title);
    if (placed === undefined) made.set(title, [{ stage, position }]);
    else placed.push({ stage, position });
  }
  return [...made].map(([title, stages]) => ({
    title,
    stages,
    reachesKernel: title !== invalidTitle,
    ...silenceOf(name, stages),
  }));
}

/** A law may say nothing of what a level draws; golden vectors may all be for other options than are declared. */
function silenceOf(
  name: Subject['name'],
  stages: readonly Placed[],
): Pick<Group, 'silence'> | undefined {
  const [first] = stages;
  if (first === undefined) {
    const { length } = spec[name].examples;
    return { silence: `none of ${length} is for the storage and the options that are declared` };
  }
  return first.stage.kind === 'law'
    ? { silence: 'the law says nothing of any input that was drawn' }
    : undefined;
}
