/**
 * touchstone as a library: put an implementation of yours to the check, or judge a single answer.
 *
 * @example
 * const mine = inProcess({ name: 'mine', version: '1', entries: { softmax: { run: mySoftmax } } });
 * const { verdict, failures } = await checkComponent('softmax', mine, defaultSettings);
 */
export {
  names,
  isName,
  spec,
  type Input,
  type Name,
  type Output,
  type RawInput,
} from '../spec/index.ts';
export { askedOf, type Asked } from './sizes/asked.ts';
export { defaultBudget } from './sizes/cost.ts';
export { levels, type Component, type Example, type Level } from '../spec/component.ts';
export { numericsSchema, type DeclaredNumerics, type Numerics } from '../spec/numerics.ts';
export {
  tensor,
  type BooleanTensor,
  type Dtype,
  type FloatDtype,
  type FloatTensor,
  type IntegerTensor,
  type Tensor,
} from '../spec/tensor.ts';
export { references } from '../reference/index.ts';
export {
  checkComponent,
  defaultSettings,
  replayToken,
  type CheckSettings,
  type Progress,
  type Replayed,
} from './checking/check.ts';
export { openMatrix, type Matrix, type OpenMatrix } from './data/open.ts';
export { MalformedFile } from './data/malformedFile.ts';
export { groundTruth, type GroundTruth, type Running } from './recall/groundTruth.ts';
export { clopperPearson, type Interval } from '../spec/indexes/interval.ts';
export { chernoffInterval } from './recall/interval.ts';
export { recallOf, type Recall } from './recall/recallOf.ts';
export type { Nearest, Search } from './recall/search.ts';
export { BlindSuite } from './checking/canary.ts';
export { exactDigits, type Digits, type ExactArithmetic } from './judging/exact.ts';
export {
  inProcess,
  Rejected,
  Unsupported,
  type Answer,
  type Entries,
  type Entry,
  type Implementation,
  type Kernel,
  type Offer,
} from './interface/implementation.ts';
export {
  indexOf,
  indexSession,
  type Collection,
  type Found,
  type OpenIndex,
} from './implementations/collection.ts';
export { migrationOver, migrationSession } from './implementations/migration.ts';
export { pipelineOver, pipelineSession } from './implementations/pipeline.ts';
export { retrievalOver, type Under } from './implementations/retrievalOver.ts';
export { AdapterBroken, startProcess } from './implementations/process/index.ts';
export { referenceImplementation } from './implementations/reference/index.ts';
export { judgeInDigits as judge } from './judging/proven.ts';
export {
  session,
  stepwise,
  type Declined,
  type OpenSession,
  type Script,
} from './interface/session.ts';
export { protocolJsonSchema } from './interface/protocol.ts';
export type {
  ComponentReport,
  ComponentVerdict,
  Vacuous,
  Warning,
  Failure,
  FailureKind,
  InstalledReport,
  Report,
} from './report/report.ts';
export { reportJsonSchema } from './report/schema.ts';
export { formatToken, parseToken, type Token } from './checking/token.ts';
export type { Judgement, Place, Subject, Verdict } from './judging/verdict.ts';
export { fromWire, toWire } from './interface/wire.ts';
