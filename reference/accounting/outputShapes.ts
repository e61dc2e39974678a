import { isName, spec } from '../../spec/index.ts';
import { derivedShapes } from '../../spec/accounting/shapePatterns.ts';
import { reference } from '../reference.ts';

export const outputShapes = reference(spec.outputShapes, (_arithmetic, { component, shapes }) => {
  if (!isName(component))
    throw new RangeError(`outputShapes.component: no component is named ${component}`);
  return { shapes: derivedShapes(component, shapes) };
});
