import type { Name } from '../../spec/index.ts';
import { floatDtypes, type FloatDtype } from '../../spec/tensor.ts';
import type { CheckSettings } from '../checking/check.ts';
import { suggestion } from '../../spec/nearest.ts';
import { askedOf, type Asked } from '../sizes/asked.ts';
import { defaultAskedBudget, defaultBudget } from '../sizes/cost.ts';
import { checkFeasible } from '../sizes/feasible.ts';
import type { Values } from './command.ts';
import { UsageError } from './usage.ts';
import { numberOf, textOf, textsOf } from './values.ts';

export const budgetRange = {
  least: 0.001,
  most: 86400,
  fallback: defaultBudget,
  integer: false,
} as const;

const scaleRange = { least: 0, most: 1e30, fallback: 1, integer: false } as const;

/** @throws UsageError */
export function storageOf(values: Values): FloatDtype | undefined {
  const text = textOf(values, 'storage');
  const found = floatDtypes.find((dtype) => dtype === text);
  if (text === undefined || found !== undefined) return found;
  throw new UsageError(
    `--storage: expected one of ${floatDtypes.join(', ')}, got ${text}; ${suggestion(text, floatDtypes, 'that is what floats are stored in')}`,
  );
}

/**
 * What the level size is given: a budget, or the shapes that are put alone.
 *
 * @throws UsageError for a shape that contradicts itself, an axis that is not there, or more memory than there is
 */
export function sizesOf(
  values: Values,
  asked: readonly Name[],
  isByName: boolean,
): Pick<CheckSettings, 'budget' | 'shapes' | 'storage'> {
  const fallback = values.has('shape') ? defaultAskedBudget : defaultBudget;
  const budget = numberOf(values, 'budget', { ...budgetRange, fallback });
  const storage = storageOf(values);
  const texts = textsOf(values, 'shape');
  const shared = { budget, ...(storage === undefined ? {} : { storage }) };
  if (texts.length === 0) {
    const other = ['option', 'scale-of', 'storage'].find((option) => values.has(option));
    if (other === undefined) return shared;
    throw new UsageError(`--${other}: expected --shape besides, got none`);
  }
  const [name, ...others] = asked;
  if (!isByName || name === undefined || others.length > 0)
    throw new UsageError(
      `--shape: expected one component, whose axes they are, got ${isByName ? asked.join(', ') : 'none'}`,
    );
  return { ...shared, shapes: texts.map((text) => shapeOf(name, text, values, storage)) };
}

/** @throws UsageError */
function shapeOf(name: Name, text: string, values: Values, storage: FloatDtype | undefined): Asked {
  const scale = values.has('scale-of') ? { scale: numberOf(values, 'scale-of', scaleRange) } : {};
  try {
    const asked = askedOf(name, text, { given: textsOf(values, 'option'), ...scale });
    checkFeasible(name, asked, storage);
    return asked;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--shape '${text}': ${error.message}`);
    throw error;
  }
}
