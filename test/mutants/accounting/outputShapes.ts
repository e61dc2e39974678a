import { derivedShapes, type Shapes } from '../../../spec/accounting/shapePatterns.ts';
import { isName } from '../../../spec/index.ts';
import { withOutput, type Mutants } from '../mutant.ts';

type OutputShapes = Mutants<'outputShapes'>['honest'];
const honest: OutputShapes = ({ component, shapes }) => ({
  shapes: isName(component) ? derivedShapes(component, shapes) : {},
});

/** Every output shape changed by itself, with the shape of the first input at hand. */
const each = (
  change: (shape: readonly number[], first: readonly number[]) => readonly number[],
): OutputShapes =>
  withOutput(honest, ({ shapes }, input) => {
    const [first = []] = Object.values(input.shapes);
    return {
      shapes: Object.fromEntries(
        Object.entries(shapes).map(([field, shape]) => [field, change(shape, first)]),
      ),
    };
  });
const fieldsOf = (
  change: (entries: [string, readonly number[]][]) => [string, readonly number[]][],
): OutputShapes =>
  withOutput(honest, ({ shapes }) => ({
    shapes: Object.fromEntries(change(Object.entries<readonly number[]>(shapes))) satisfies Shapes,
  }));

export const outputShapes: Mutants<'outputShapes'> = {
  honest,
  mutants: [
    {
      id: 'first-input',
      defect: 'classic',
      wrong: 'gives every output the shape of the first input',
      run: each((_shape, first) => first),
    },
    {
      id: 'first-axis',
      defect: 'classic',
      wrong: 'keeps the first axis alone',
      run: each((shape) => shape.slice(0, 1)),
    },
    {
      id: 'without-leading-axes',
      defect: 'classic',
      wrong: 'drops all but two axes',
      run: each((shape) => shape.slice(-2)),
    },
    {
      id: 'flattened',
      defect: 'classic',
      wrong: 'makes one axis of the leading ones',
      run: each((shape) =>
        shape.length > 2
          ? [shape.slice(0, -1).reduce((a, b) => a * b, 1), shape.at(-1) ?? 0]
          : shape,
      ),
    },
    {
      id: 'reversed',
      defect: 'classic',
      wrong: 'reverses the axes',
      run: each((shape) => shape.toReversed()),
    },
    {
      id: 'scalar-as-one',
      defect: 'classic',
      wrong: 'gives a scalar an axis of 1',
      run: each((shape) => (shape.length === 0 ? [1] : shape)),
    },
    {
      id: 'kept-dimension',
      defect: 'classic',
      wrong: 'keeps a reduced axis with length 1',
      run: each((shape, first) => (shape.length < first.length ? [...shape, 1] : shape)),
    },
    {
      id: 'empty-as-one',
      defect: 'classic',
      wrong: 'takes a length of 0 for 1',
      run: each((shape) => shape.map((length) => Math.max(1, length))),
    },
    {
      id: 'first-output',
      defect: 'classic',
      wrong: 'names one output alone',
      run: fieldsOf((entries) => entries.slice(0, 1)),
    },
    {
      id: 'renamed',
      defect: 'classic',
      wrong: 'names the first output "output"',
      run: fieldsOf(([[, shape = []] = ['', []], ...rest]) => [['output', shape], ...rest]),
    },
  ],
};
