import { greatestOf } from '../../spec/extremes.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { roundingOf, type DeclaredNumerics, type Rounding } from '../../spec/numerics.ts';
import { spec, type Name } from '../../spec/index.ts';
import { disagreements, isTensor, optionOf, shapeOf } from '../../spec/schema.ts';
import { noDimensions } from '../../spec/shape.ts';
import type { Offer } from '../interface/implementation.ts';

/** What follows from what an implementation declares of a component: worked out once, for everything that draws inputs or judges answers. */
export interface Claim {
  readonly numerics: DeclaredNumerics;
  readonly rounding: Rounding;
  readonly promises: Offer['promises'];
  /** All combinations of the options that it follows. */
  readonly combinations: readonly Readonly<Record<string, string>>[];
  /** Whether an input asks for no option value that it does not follow. Without a declaration that is the default alone. */
  readonly follows: (input: object) => boolean;
  /** An input in which an option that it leaves open has a value that is followed, where that is not the default. */
  readonly completed: (input: object) => object;
  /** Whether any axis or number of an input is beyond what it says it takes. */
  readonly exceeded: (input: object) => boolean;
}

export function claimOf(name: Name, { numerics, options, limits, promises }: Offer): Claim {
  const shape = shapeOf(spec[name].input);
  const valuesOf = (field: string) => optionOf(shape[field]);
  const otherwise = Object.fromEntries(
    Object.entries(options)
      .filter(([field, values]) => !values.includes(valuesOf(field)?.[0] ?? ''))
      .map(([field, [value]]) => [field, value]),
  );
  return {
    numerics,
    rounding: roundingOf(numerics),
    promises,
    combinations: combinationsOf(options),
    follows: (input) =>
      Object.entries(input).every(([field, value]) => {
        const values = valuesOf(field);
        return (
          values === undefined ||
          value === undefined ||
          (options[field] ?? values.slice(0, 1)).includes(value)
        );
      }),
    completed: (input) => ({ ...otherwise, ...input }),
    exceeded: (input) => exceeds(name, input, limits),
  };
}

/** All combinations of the values of options. */
export function combinationsOf(
  options: Readonly<Record<string, readonly string[]>>,
): readonly Readonly<Record<string, string>>[] {
  return Object.entries(options).reduce<readonly Readonly<Record<string, string>>[]>(
    (made, [field, values]) =>
      made.flatMap((one) => values.map((value) => ({ ...one, [field]: value }))),
    [{}],
  );
}

function exceeds(name: Name, input: object, limits: Readonly<Record<string, number>>): boolean {
  if (Object.keys(limits).length === 0) return false;
  const known = noDimensions();
  disagreements(shapeOf(spec[name].input), input, known);
  const sizes = new Map<string, number>(known.lengths);
  const axes = leavesOf(input, isTensor).flatMap(([, { shape }]) => shape);
  sizes.set('width', Math.max(0, greatestOf(axes)));
  for (const [field, value] of Object.entries(input))
    if (typeof value === 'number') sizes.set(field, value);
  return Object.entries(limits).some(([size, limit]) => (sizes.get(size) ?? 0) > limit);
}
