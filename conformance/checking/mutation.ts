import type { Name } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { checkComponent, firstFailure, type CheckSettings } from './check.ts';
import { inProcess, type Implementation, type Kernel } from '../interface/implementation.ts';
import type { Failure } from '../report/report.ts';

interface Declared {
  readonly numerics?: DeclaredNumerics;
  readonly options?: Readonly<Record<string, readonly string[]>>;
}

/** What is put to the test of one component: implementations that are wrong on purpose, and an honest one made like them. */
export interface Candidates<N extends Name> extends Declared {
  readonly honest: Kernel<N>;
  readonly mutants: readonly (Declared & {
    readonly id: string;
    readonly defect: string;
    readonly wrong: string;
    readonly run: Kernel<N>;
  })[];
}

export type CandidateTable = { readonly [N in Name]?: Candidates<N> };

/** What became of one mutant. */
export interface MutantResult {
  readonly id: string;
  /** The real defect that it re-creates. */
  readonly defect: string;
  readonly wrong: string;
  readonly killed: boolean;
  /** How many inputs it took; where it survived, how many it passed. */
  readonly inputs: number;
  readonly by?: Pick<Failure, 'level' | 'kind' | 'law' | 'message'>;
}

export interface ComponentMutation {
  readonly component: Name;
  readonly mutants: readonly MutantResult[];
  readonly honest: { readonly passed: boolean; readonly inputs: number; readonly message?: string };
}

export interface KillMatrix {
  readonly touchstone: 1;
  readonly seed: number;
  readonly runs: number;
  readonly killed: number;
  readonly mutants: number;
  readonly honestPassed: number;
  readonly components: readonly ComponentMutation[];
}

const asImplementation = <N extends Name>(
  name: N,
  run: Kernel<N>,
  numerics: DeclaredNumerics,
  options: Declared['options'] = {},
): Implementation =>
  inProcess({ name: 'candidate', version: '1', entries: { [name]: { run, numerics, options } } });

async function tryMutant<N extends Name>(
  name: N,
  mutant: Candidates<N>['mutants'][number],
  implementation: Implementation,
  settings: CheckSettings,
  likeliest: MutantResult['by'],
): Promise<MutantResult> {
  const { id, defect, wrong } = mutant;
  const { failure, executed } = await firstFailure(name, implementation, settings, likeliest);
  if (failure === undefined) return { id, defect, wrong, killed: false, inputs: executed };
  const { level, kind, law, message } = failure;
  return {
    id,
    defect,
    wrong,
    killed: true,
    inputs: executed,
    by: { level, kind, message, ...(law === undefined ? {} : { law }) },
  };
}

async function tryHonest(
  name: Name,
  implementation: Implementation,
  settings: CheckSettings,
): Promise<ComponentMutation['honest']> {
  const { verdict, executed, failures, reason } = await checkComponent(
    name,
    implementation,
    settings,
  );
  const message =
    failures[0] === undefined ? reason : `${failures[0].message} (${failures[0].replay})`;
  return {
    passed: verdict === 'pass',
    inputs: executed,
    ...(message === undefined ? {} : { message }),
  };
}

/** Puts the wrong implementations of one component to the check, and its honest one. */
export async function componentMutation<N extends Name>(
  name: N,
  table: CandidateTable,
  fallback: DeclaredNumerics,
  settings: CheckSettings,
  progress: (done: number) => void | Promise<void>,
): Promise<ComponentMutation> {
  const candidates: Candidates<N> | undefined = table[name];
  if (candidates === undefined)
    return {
      component: name,
      mutants: [],
      honest: { passed: false, inputs: 0, message: 'it has none' },
    };
  const { honest, numerics = fallback, options = {}, mutants } = candidates;
  const results = await tryMutants(name, candidates, fallback, settings, (index) =>
    progress(index / (mutants.length + 1)),
  );
  await progress(mutants.length / (mutants.length + 1));
  return {
    component: name,
    mutants: results,
    honest: await tryHonest(name, asImplementation(name, honest, numerics, options), settings),
  };
}

/** Puts each wrong implementation of one component to the check, until something refuses it: what did so `before` is tried first. */
export async function tryMutants<N extends Name>(
  name: N,
  { numerics, options = {}, mutants }: Candidates<N>,
  fallback: DeclaredNumerics,
  settings: CheckSettings,
  progress: (index: number) => void | Promise<void> = () => {},
  before: readonly MutantResult[] = [],
): Promise<readonly MutantResult[]> {
  const results: MutantResult[] = [];
  for (const [index, mutant] of mutants.entries()) {
    await progress(index);
    const claimed = mutant.numerics ?? numerics ?? fallback;
    const one = asImplementation(name, mutant.run, claimed, mutant.options ?? options);
    const by = before.find(({ id }) => id === mutant.id)?.by;
    results.push(await tryMutant(name, mutant, one, settings, by));
  }
  return results;
}

/**
 * Puts implementations that are wrong on purpose to the check, each until something refuses it, and honest ones to all of it. What declares nothing
 * claims `fallback`.
 */
export async function killMatrix(
  table: CandidateTable,
  {
    names,
    fallback,
    settings,
    progress = () => {},
  }: {
    readonly names: readonly Name[];
    readonly fallback: DeclaredNumerics;
    readonly settings: CheckSettings;
    readonly progress?: (name: Name, done: number) => void | Promise<void>;
  },
): Promise<KillMatrix> {
  const components: ComponentMutation[] = [];
  for (const [index, name] of names.entries())
    components.push(
      await componentMutation(name, table, fallback, settings, (done) =>
        progress(name, (index + done) / names.length),
      ),
    );
  return matrixOf(components, settings);
}

/** What came of all components, counted. */
export function matrixOf(
  components: readonly ComponentMutation[],
  { seed, runs }: Pick<CheckSettings, 'seed' | 'runs'>,
): KillMatrix {
  const results = components.flatMap(({ mutants }) => mutants);
  return {
    touchstone: 1,
    seed,
    runs,
    killed: results.filter(({ killed }) => killed).length,
    mutants: results.length,
    honestPassed: components.filter(({ honest }) => honest.passed).length,
    components,
  };
}
