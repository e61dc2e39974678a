import type { Name } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { inProcess, type Implementation } from '../interface/implementation.ts';
import type { Candidates } from '../checking/mutation.ts';
import { disturbances, disturbed } from './disturbance.ts';

/** The mistakes that everybody makes come before those that somebody made once. */
const classicFirst = (x: { readonly defect: string }, y: { readonly defect: string }): number =>
  Number(y.defect === 'classic') - Number(x.defect === 'classic');

/** Something that may break a law. */
export interface Suspect {
  readonly mutant: { readonly id: string; readonly defect: string; readonly wrong: string };
  /** Whether it is no mutant, but a sound answer that is spoilt. */
  readonly disturbed: boolean;
  readonly numerics: DeclaredNumerics;
  /** Made anew for every case: one that counts its calls begins again. */
  readonly implementation: () => Implementation;
}

/** The mutants of a component, as suspects. */
export const mutantsOf = <N extends Name>(
  name: N,
  { numerics, options = {}, mutants }: Candidates<N>,
  fallback: DeclaredNumerics,
): readonly Suspect[] =>
  mutants.toSorted(classicFirst).map(({ id, defect, wrong, ...mutant }): Suspect => {
    const claimed = mutant.numerics ?? numerics ?? fallback;
    const entry = { run: mutant.run, numerics: claimed, options: mutant.options ?? options };
    const implementation = inProcess({ name: id, version: '1', entries: { [name]: entry } });
    return {
      mutant: { id, defect, wrong },
      disturbed: false,
      numerics: claimed,
      implementation: () => implementation,
    };
  });

/** The honest kernel, its answers spoilt in every way. */
export const disturbancesOf = <N extends Name>(
  name: N,
  { honest, numerics, options = {} }: Candidates<N>,
  fallback: DeclaredNumerics,
): readonly Suspect[] =>
  [false, true].flatMap((calls) =>
    disturbances.map((one): Suspect => {
      const { id, wrong } = one;
      const claimed = numerics ?? fallback;
      const manner = calls ? 'otherwise for each call' : 'otherwise for each input';
      return {
        mutant: { id, defect: 'disturbance', wrong: `${wrong} of a sound answer, ${manner}` },
        disturbed: true,
        numerics: claimed,
        implementation: () => {
          const run = disturbed(name, honest, one, calls);
          const entry = { run, numerics: claimed, options };
          return inProcess({ name: id, version: '1', entries: { [name]: entry } });
        },
      };
    }),
  );
