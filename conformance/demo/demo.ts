import type { Implementation } from '../interface/implementation.ts';
import type { Assay } from './assay.ts';
import { bundleUp, compareLogits, saveModel, type Checkpoint } from './checkpoint.ts';
import { documents, question } from './documents.ts';
import { embed } from './embedding.ts';
import { generate } from './generation.ts';
import { runPipeline, type Answer, type Sources } from './pipeline.ts';
import { assemble, cutUp, quotedPassage, searchIndex } from './retrieval.ts';
import { Stopped, stagesOn, type Done, type StageReport } from './stage.ts';
import { encodeAll, learnTokens, type Tokenizer } from './tokenizer.ts';
import { trainModel } from './training.ts';

export interface DemoSettings {
  readonly seed: number;
  readonly steps: number;
  /** Called as the demo gets on: with how much of it is done, and what it is at. */
  readonly watch: (done: number, label: string) => void;
}

/** What comes out at the end. */
export interface Answered extends Answer, Sources {
  readonly tokenizer: Tokenizer;
  readonly model: Checkpoint;
}

export interface Demonstration {
  readonly stages: readonly StageReport[];
  /** Nothing where a stage failed. */
  readonly answered?: Answered;
}

/** The stages, in their order. */
export const titles = [
  'chunking',
  'byte pairs',
  'encoding',
  'training',
  'checkpoint',
  'logits',
  'bundle',
  'embedding',
  'index',
  'prompt',
  'generation',
  'pipeline',
] as const;
type Title = (typeof titles)[number];

const skipped = (stage: string): StageReport => ({
  stage,
  did: '',
  verdict: 'skipped',
  asked: 0,
  judged: 0,
  used: 0,
  seconds: 0,
});

/** About how much of the time has gone when a stage begins: most of it goes into training. */
const startOfTraining = 0.05;
const endOfTraining = 0.9;
const partDone = (title: Title): number => {
  const training = titles.indexOf('training');
  const index = titles.indexOf(title);
  return index <= training
    ? (index / training) * startOfTraining
    : endOfTraining + ((index - training) / (titles.length - training)) * (1 - endOfTraining);
};

type RunTitled = <T>(stage: Title, work: (assay: Assay) => Promise<Done<T>>) => Promise<T>;

/** The way from texts to an answer. */
async function answered(stage: RunTitled, { seed, steps, watch }: DemoSettings): Promise<Answered> {
  const passages = await stage('chunking', (assay) => cutUp(assay, documents));
  const lines = passages.map((passage) => `${quotedPassage(passage)}\n`);
  const tokenizer = await stage('byte pairs', (assay) => learnTokens(assay, lines));
  const encoded = await stage('encoding', (assay) => encodeAll(assay, tokenizer, lines));
  const tokens = encoded.flat();
  const trained = await stage('training', (assay) =>
    trainModel(assay, {
      tokens,
      vocabulary: tokenizer.vocabulary.length,
      seed,
      steps,
      watch: (done) =>
        watch(startOfTraining + done * (endOfTraining - startOfTraining), 'training'),
    }),
  );
  const model = await stage('checkpoint', (assay) => saveModel(assay, trained));
  await stage('logits', (assay) => compareLogits(assay, trained, model, tokens));
  await stage('bundle', (assay) => bundleUp(assay, tokenizer, model));
  const texts = { passages: passages.map(({ text }) => text), question };
  const vectors = await stage('embedding', (assay) => embed(assay, model, tokenizer, texts));
  const found = await stage('index', (assay) => searchIndex(assay, passages, vectors));
  const assembled = await stage('prompt', (assay) => assemble(assay, found, question));
  const { prompt } = assembled;
  const generated = await stage('generation', (assay) =>
    generate(assay, { tokenizer, model, prompt, seed }),
  );
  const answer = { question, found, generated, ...assembled };
  const sources = await stage('pipeline', (assay) => runPipeline(assay, passages, vectors, answer));
  return { ...answer, ...sources, tokenizer, model };
}

/** Goes all the way from texts to an answer, and has every stage judged. The first that fails ends it. */
export async function demonstrate(
  implementation: Implementation,
  settings: DemoSettings,
): Promise<Demonstration> {
  const reports: StageReport[] = [];
  const run = stagesOn(implementation, (one) => reports.push(one));
  const stage = <T>(title: Title, work: Parameters<typeof run<T>>[1]): Promise<T> => {
    settings.watch(partDone(title), title);
    return run(title, work);
  };
  try {
    const result = await answered(stage, settings);
    return { stages: reports, answered: result };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return { stages: [...reports, ...titles.slice(reports.length).map(skipped)] };
  }
}
