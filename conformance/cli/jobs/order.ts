import { spec, type Name } from '../../../spec/index.ts';

/** How long components take, roughly: composed bounds run the reference many times over, and sessions have many answers. */
const weightOf = (name: Name): number => {
  const { bound, session, trials } = spec[name];
  return (
    (bound === 'composed' ? 4 : 0) +
    (session === undefined ? 0 : 2) +
    (trials === undefined ? 0 : 1)
  );
};

/** The longest first: what begins last should end soon. By the seconds that they took before, where that is known; the others come first. */
export const longestFirst = (
  names: readonly Name[],
  seconds: Readonly<Record<string, number>> = {},
): readonly Name[] => {
  const known = (name: Name): number => seconds[name] ?? Infinity;
  return names.toSorted((a, b) =>
    known(a) === known(b) ? weightOf(b) - weightOf(a) : known(b) - known(a),
  );
};
