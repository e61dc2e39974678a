import { createRequire } from 'node:module';
import type * as Library from 'mathjs';
import type { BigNumber } from 'mathjs';

/** Makes a BigNumber of a decimal, with all its digits; results of operations on it are rounded. */
export type Parse = (decimal: string) => BigNumber;

/** mathjs takes half a second to load, so it is loaded when it is first used. */
const require = createRequire(import.meta.url);
const load = (): typeof Library => require('mathjs');

const parsers = new Map<number, Parse>();

/** The BigNumbers of an instance of mathjs that is configured to so many significant digits. */
export function parserFor(precision: number): Parse {
  const known = parsers.get(precision);
  if (known) return known;
  const { create, bignumberDependencies } = load();
  const { bignumber } = create({ ...bignumberDependencies }, { number: 'BigNumber', precision });
  const parse: Parse = (decimal) => bignumber(decimal);
  parsers.set(precision, parse);
  return parse;
}
