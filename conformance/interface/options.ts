import { spec, type Name } from '../../spec/index.ts';
import { nearest } from '../../spec/nearest.ts';
import { optionOf, shapeOf, show } from '../../spec/schema.ts';

/** What is wrong with the values that are declared for an option of a component. */
export function optionProblem(
  name: Name,
  option: string,
  given: string | readonly string[],
): string[] {
  const values = [given].flat();
  const inputs = shapeOf(spec[name].input);
  const known = optionOf(inputs[option]);
  if (known === undefined) {
    const options = Object.keys(inputs).filter((field) => optionOf(inputs[field]) !== undefined);
    const near = nearest(option, options);
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    return [
      `expected one of its options (${options.join(', ') || 'it has none'}), got ${show(option)}${meant}`,
    ];
  }
  const wrong = values.filter((value) => !known.includes(value));
  return wrong.length === 0
    ? []
    : [`expected values among ${known.join(', ')}, got ${wrong.map(show).join(', ')}`];
}

/** Options with lists of values, where some may be single ones. */
export const listed = (
  options: Readonly<Record<string, string | readonly string[]>>,
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(options).map(([option, values]) => [option, [values].flat()]));
