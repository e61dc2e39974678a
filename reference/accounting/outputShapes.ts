import { told, type Arithmetic } from '../../spec/arithmetic.ts';
import { isName, spec, type Name } from '../../spec/index.ts';
import {
  derivedShapes,
  disagreement,
  inputPatterns,
  outputPatterns,
  type Shapes,
} from '../../spec/accounting/shapePatterns.ts';
import { noDimensions } from '../../spec/shape.ts';
import { reference } from '../reference.ts';

/** Which length each letter of the patterns has. */
function tellLetters<N>(arithmetic: Arithmetic<N>, component: Name, shapes: Shapes): void {
  const given = inputPatterns(component).filter(({ field }) => shapes[field] !== undefined);
  for (const { field, pattern } of given)
    told(arithmetic, `${field}, of the pattern ${pattern}`, () => shapes[field]);
  told(arithmetic, 'σ', () => {
    const known = noDimensions();
    disagreement(component, shapes, known);
    return known.lengths;
  });
  for (const { field, pattern } of outputPatterns(component))
    told(arithmetic, `${field} = σ(${pattern})`, () => derivedShapes(component, shapes)[field]);
}

export const outputShapes = reference(spec.outputShapes, (arithmetic, { component, shapes }) => {
  if (!isName(component))
    throw new RangeError(`outputShapes.component: no component is named ${component}`);
  tellLetters(arithmetic, component, shapes);
  return { shapes: derivedShapes(component, shapes) };
});
