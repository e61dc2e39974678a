import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { countedIn } from '../../../spec/training/tokens.ts';
import type { Unit } from '../machine.ts';
import { formOf, lossesOn, meanOn, type Form } from './crossEntropy.ts';

/** A sound perplexity on any machine. */
export const perplexity =
  (unit: Unit, form: Form = formOf(unit)): Kernel<'perplexity'> =>
  (input) => {
    const mean = meanOn(unit, lossesOn(unit, form, input, 0), countedIn(input).length);
    return { perplexity: unit.store([], [unit.round(Math.exp(mean))]) };
  };
