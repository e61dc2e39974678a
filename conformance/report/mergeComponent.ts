import type { Name } from '../../spec/index.ts';
import type { ComponentReport, Failure, KnownReport, StagePart } from './report.ts';
import { turnOf } from '../checking/runStage.ts';
import { newTally, summaryOf, type Tally } from '../checking/tally.ts';
import { addPart } from './parts.ts';

/** What the shards counted so far. */
interface Total {
  readonly tally: Tally;
  readonly failures: Failure[];
  /** Cases of each known failure. */
  readonly cases: number[];
}

/** A part of a stage, and the report that it is from. */
interface Placed {
  readonly stage: StagePart;
  readonly report: ComponentReport;
}

const keyOf = ({ level, kind, title }: StagePart): string => JSON.stringify([level, kind, title]);

/**
 * The report of a component from those of all shards, the first shard's first: what one run would have said.
 *
 * @throws Error where they are not of the same component
 */
export function mergeComponent(name: Name, reports: readonly ComponentReport[]): ComponentReport {
  const [first] = reports;
  if (first === undefined) throw new Error(`${name}: expected the reports of shards, got none`);
  const seconds = reports.reduce((total, report) => total + report.seconds, 0);
  const unjudged = reports.find(({ stages }) => stages === undefined);
  if (unjudged !== undefined) return { ...unjudged, seconds };
  checkAlike(name, first, reports);
  const total: Total = { tally: newTally(), failures: [], cases: first.known.map(() => 0) };
  for (const report of reports)
    for (const stage of report.stages ?? [])
      if (stage.kept !== undefined) add(total, { stage, report });
  const lists = reports.map((report) => ({ report, stages: drawnOf(report) }));
  for (const position of drawnOf(first).keys())
    addStage(
      total,
      lists
        .map((list, i) => ({
          ...list,
          turn: turnOf(position, { index: i + 1, count: lists.length }),
        }))
        .toSorted((a, b) => a.turn - b.turn)
        .flatMap(({ report, stages }) => {
          const stage = stages[position];
          return stage === undefined ? [] : [{ stage, report }];
        }),
    );
  const known = knownOf(reports, total.cases);
  const { numerics, declared, options } = first;
  return {
    ...summaryOf(
      total.tally,
      total.failures,
      known,
      false,
      reports.find(({ vacuous }) => vacuous !== undefined)?.vacuous,
    ),
    seconds,
    numerics,
    declared,
    options,
  };
}

/** The stages that are shared out. */
const drawnOf = ({ stages = [] }: ComponentReport): readonly StagePart[] =>
  stages.filter(({ kept }) => kept === undefined);

/** In the order of its cases, up to the first that fails. */
function addStage(total: Total, parts: readonly Placed[]): void {
  for (const part of parts) {
    add(total, part);
    if (part.stage.failed === true) return;
  }
}

function add(total: Total, { stage, report }: Placed): void {
  addPart(total.tally, stage);
  for (const [i, cases] of (stage.known ?? []).entries())
    total.cases[i] = (total.cases[i] ?? 0) + cases;
  if (stage.failed !== true) return;
  const failure = report.failures.find(
    ({ level, kind, law = '', replay }) =>
      keyOf({ level, kind, title: law }) === keyOf(stage) &&
      (replay === stage.kept || (stage.kept === undefined && !replay.endsWith('.json'))),
  );
  if (failure !== undefined) total.failures.push(failure);
}

/** Every shard tries every known failure; one that is gone in any is gone. */
const knownOf = (
  reports: readonly ComponentReport[],
  cases: readonly number[],
): readonly KnownReport[] =>
  (reports[0]?.known ?? []).map((entry, i) => {
    const gone = reports.flatMap(({ known }) => known[i] ?? []).find(({ occurs }) => !occurs);
    return { ...(gone ?? entry), cases: cases[i] ?? 0 };
  });

/** @throws Error */
function checkAlike(name: Name, first: ComponentReport, reports: readonly ComponentReport[]): void {
  const said = (report: ComponentReport) => ({
    'declared arithmetic': report.declared,
    options: report.options,
    'known failures': report.known.map(({ kind, title, field, reason, input }) => [
      kind,
      title,
      field,
      reason,
      input,
    ]),
    'vectors, laws and levels': drawnOf(report).map(keyOf),
  });
  const expected = said(first);
  for (const report of reports) {
    const actual = new Map(Object.entries(said(report)));
    for (const [what, value] of Object.entries(expected))
      if (JSON.stringify(actual.get(what)) !== JSON.stringify(value))
        throw new Error(
          `${name}: the shards were run with other ${what}: run all with the same version of everything`,
        );
  }
}
