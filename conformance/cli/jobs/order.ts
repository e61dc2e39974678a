import { spec, type Name } from '../../../spec/index.ts';
import { costOf } from '../../sizes/cost.ts';

/** What the smallest case of a component costs, as the level size reckons: roughly in the order of how long components take. */
function leastCost(name: Name): number {
  const { sized } = spec[name];
  if (sized === undefined) return 0;
  const least = Object.entries(sized.axes).map(([axis, { small }]) => [axis, small[0] ?? 1]);
  return costOf(spec[name], sized, Object.fromEntries(least));
}

/** The longest first: what begins last should end soon. By the seconds that they took before, where that is known; the others come first. */
export const longestFirst = (
  names: readonly Name[],
  seconds: Readonly<Record<string, number>> = {},
): readonly Name[] => {
  const known = (name: Name): number => seconds[name] ?? Infinity;
  return names.toSorted((a, b) =>
    known(a) === known(b) ? leastCost(b) - leastCost(a) : known(b) - known(a),
  );
};
