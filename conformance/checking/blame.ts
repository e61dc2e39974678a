import type { Vacuous } from '../report/report.ts';
import { numericsSchema, type DeclaredNumerics } from '../../spec/numerics.ts';

/** A declaration with one key left out: it then has its default. */
const without = (declared: DeclaredNumerics, key: string): DeclaredNumerics =>
  Object.fromEntries(Object.entries(declared).filter(([other]) => other !== key));

const said = (declared: DeclaredNumerics, key: string): string =>
  `${key}: ${JSON.stringify(new Map(Object.entries(declared)).get(key))}`;

/** What of a declaration is to blame for what passes: every key without which it does not; all that is declared where no key is alone. */
export function blamed(
  declared: DeclaredNumerics,
  passes: (declared: DeclaredNumerics) => boolean,
): readonly string[] {
  const keys = Object.keys(numericsSchema.shape).filter(
    (key) => key !== 'storage' && Object.hasOwn(declared, key),
  );
  const alone = keys.filter((key) => !passes(without(declared, key)));
  return (alone.length > 0 ? alone : keys).map((key) => said(declared, key));
}

/** Why, in words. */
export const vacuousText = ({ level, corruption, declaration }: Vacuous): string =>
  `at level ${level} answers pass that are wrong by far (${corruption}): ${declaration.join(', ') || 'the defaults'} ${declaration.length > 1 ? 'explain' : 'explains'} them`;
