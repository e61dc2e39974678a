import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Component, type Level } from '../component.ts';
import { isName, spec, type Name } from '../index.ts';
import { fields, real } from '../schema.ts';
import { exactly } from './laws.ts';
import {
  coveredNames,
  defaultOptions,
  inputPatterns,
  outputPatterns,
  problemOf,
  shapesIn,
  type Shapes,
} from './shapePatterns.ts';
import { tenTokens } from './worked.ts';
import { shapeSizes } from './sizes.ts';

/** Which component, and the shapes of the tensors that it is given. */
export interface Question {
  readonly component: string;
  readonly shapes: Shapes;
}
/** The shapes of its outputs. */
export interface Answer {
  readonly shapes: Shapes;
}

/** Shapes of the inputs that a component is tried with: whatever it demands beyond agreeing lengths, they have. */
const shapesFor = <N extends Name>(name: N, level: Level): Arbitrary<Question> =>
  spec[name].arbitrary(level, defaultOptions(name), new Set()).map((input) => ({
    component: name,
    shapes: typeof input === 'object' && input !== null ? shapesIn(input) : {},
  }));

/** Questions about components of these names; about all where there are none among them. */
function questions(level: Level, offered: ReadonlySet<string> = new Set()): Arbitrary<Question> {
  const all = coveredNames();
  const known = all.filter((name) => offered.has(name));
  return fc
    .constantFrom(...(known.length === 0 ? all : known))
    .chain((name) => shapesFor(name, level));
}

/** Made when it is asked for: the list of components is not there yet when this file is read. */
const later = (make: () => Arbitrary<unknown>): Arbitrary<unknown> =>
  fc.constant(undefined).chain(make);

/** A question in which one of two axes of one length has become longer. All lengths are made 2 or more first, so that none broadcasts. */
function disagreeing({ component: name, shapes }: Question): Arbitrary<Question> {
  const axes = (isName(name) ? inputPatterns(name) : [])
    .filter(({ field, broadcast }) => !broadcast && shapes[field] !== undefined)
    .flatMap(({ field, pattern }) => namedAxes(pattern).map((axis) => ({ field, ...axis })));
  const shared = axes.filter(
    ({ letter }) => axes.filter((one) => one.letter === letter).length > 1,
  );
  const longer = Object.fromEntries(
    Object.entries(shapes).map(([field, shape]) => [field, shape.map((length) => length + 2)]),
  );
  if (shared.length === 0) return fc.constant({ component: name, shapes: {} });
  return fc.constantFrom(...shared).map(({ field, fromEnd }) => ({
    component: name,
    shapes: {
      ...longer,
      [field]: (longer[field] ?? []).map((length, i, { length: rank }) =>
        rank - i === fromEnd ? length + 1 : length,
      ),
    },
  }));
}

/** The letters of a pattern with their places, the last being 1. */
const namedAxes = (pattern: string): readonly { letter: string; fromEnd: number }[] => {
  const texts = pattern
    .slice(1, -1)
    .split(',')
    .map((text) => text.trim());
  return texts.flatMap((letter, i) =>
    /^[A-Za-z]/.test(letter) ? [{ letter, fromEnd: texts.length - i }] : [],
  );
};

const hasRest = (pattern: string): boolean => pattern.includes('...');

/** Every shape whose pattern begins with any number of axes gets one more; masks that broadcast do so all the same. */
const withLeadingAxis = (patterns: ReturnType<typeof inputPatterns>, shapes: Shapes): Shapes =>
  Object.fromEntries(
    Object.entries(shapes).map(([field, shape]) => {
      const found = patterns.find((one) => one.field === field);
      return [
        field,
        found !== undefined && hasRest(found.pattern) && !found.broadcast ? [2, ...shape] : shape,
      ];
    }),
  );

const doubled = (shapes: Shapes): Shapes =>
  Object.fromEntries(
    Object.entries(shapes).map(([field, shape]) => [field, shape.map((length) => 2 * length)]),
  );

const requiredOnly = (name: Name, shapes: Shapes): Shapes => {
  const required = inputPatterns(name).filter((one) => one.required && !one.broadcast);
  return Object.fromEntries(
    Object.entries(shapes).filter(([field]) => required.some((one) => one.field === field)),
  );
};

const isScalable = (name: Name): boolean =>
  inputPatterns(name).every(
    ({ pattern, broadcast, required }) =>
      !/\d/.test(pattern.replaceAll(/[A-Za-z]\w*/g, '')) && !(broadcast && required),
  );

/** The law that shapes changed in one way have outputs changed in another, where it applies to a component. */
const about = (
  change: (name: Name, shapes: Shapes) => Shapes | undefined,
  output: (name: Name, shapes: Shapes) => Shapes,
) =>
  exactly<Question, Question, Answer>(({ component: name, shapes }) => {
    const changed = isName(name) ? change(name, shapes) : undefined;
    if (!isName(name) || changed === undefined) return undefined;
    return {
      input: { component: name, shapes: changed },
      output: (before) => ({ shapes: output(name, before.shapes) }),
    };
  });

const length = real(
  'an integer ≥ 0',
  (value) => Number.isSafeInteger(value) && value >= 0,
  'length of an axis',
);
const shapesSchema = (description: string) =>
  z.record(z.string(), z.array(length).readonly()).meta({ description });

/**
 * The shapes of a component's outputs, from the shapes of the tensors that it is given: a letter stands for one length throughout, '...' for
 * the same leading axes. Covered is every component all of whose outputs are tensors whose letters occur in inputs that must be given.
 * What a component demands beyond that (heads that divide a width) is not looked at.
 *
 * @example
 * outputShapes({ component: 'softmax', shapes: { logits: [10, 3] } }) // → { shapes: { probabilities: [10, 3] } }
 */
export const outputShapes: Component<Question, Answer, Question> = component({
  family: 'accounting',
  summary: 'Which shapes come out, from the shapes that go in.',
  formula: String.raw`\text{shape}(y) = \sigma(\text{pattern}(y)) \text{ for the one } \sigma \text{ with } \text{shape}(x) = \sigma(\text{pattern}(x)) \text{ for every input } x`,
  source: 'house definition: the shapes of this catalogue',
  domain:
    'Shapes that agree. A component that is not covered, a field that it does not have, a tensor that is missing and lengths that disagree are rejected.',
  input: fields({
    component: z.string().meta({ description: 'the name of a component' }),
    shapes: shapesSchema('the shape of each tensor that it is given'),
  }).superRefine(({ component: name, shapes }, context) => {
    const areRead =
      typeof name === 'string' &&
      typeof shapes === 'object' &&
      Object.values(shapes).every(Array.isArray);
    const problem = areRead ? problemOf(name, shapes) : undefined;
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: ['shapes'], message: problem });
  }),
  output: fields({ shapes: shapesSchema('the shape of each output') }),
  arbitrary: (level, _options, offered) => questions(level, offered),
  sized: shapeSizes,
  invalid: {
    'the component is unknown': fc.constant({ component: 'perceptron', shapes: { input: [2, 3] } }),
    'lengths disagree': later(() => questions('core').chain(disagreeing)),
    'a length is below none': later(() =>
      questions('core').map(({ component: name, shapes }) => ({
        component: name,
        shapes: Object.fromEntries(Object.keys(shapes).map((field) => [field, [-1, -1]])),
      })),
    ),
  },
  boundSource: 'exact',
  laws: {
    'is unchanged by leaving out what may be left out': about(
      requiredOnly,
      (_name, shapes) => shapes,
    ),
    'gains the leading axis that its inputs gain': about(
      (name, shapes) =>
        inputPatterns(name).some(({ pattern }) => hasRest(pattern))
          ? withLeadingAxis(inputPatterns(name), shapes)
          : undefined,
      (name, shapes) => withLeadingAxis(outputPatterns(name), shapes),
    ),
    'doubles where every length doubles': about(
      (name, shapes) => (isScalable(name) ? doubled(requiredOnly(name, shapes)) : undefined),
      (_name, shapes) => doubled(shapes),
    ),
  },
  worked: tenTokens,
  examples: [
    {
      id: 'tokens',
      why: '10 tokens of width 3 give one number each',
      flags: ['ordinary'],
      input: { component: 'dotProduct', shapes: { a: [10, 3], b: [10, 3] } },
    },
    {
      id: 'two-outputs',
      why: 'every output is named',
      flags: ['outputs'],
      input: { component: 'topK', shapes: { logits: [2, 5] } },
    },
    {
      id: 'leading-axes',
      why: 'any number of leading axes stays',
      flags: ['leading'],
      input: { component: 'euclideanDistance', shapes: { a: [2, 3, 4, 5], b: [2, 3, 4, 5] } },
    },
    {
      id: 'attention',
      why: 'as many rows as there are queries, as wide as the values',
      flags: ['attention'],
      input: {
        component: 'scaledDotProductAttention',
        shapes: { query: [2, 10, 3], key: [2, 7, 3], value: [2, 7, 5] },
      },
    },
    {
      id: 'weight',
      why: 'the weight’s second axis takes the place of the first',
      flags: ['weight'],
      input: { component: 'linear', shapes: { input: [10, 3], weight: [3, 5] } },
    },
    {
      id: 'scalar',
      why: 'a single row gives a scalar, whose shape is empty',
      flags: ['scalar'],
      input: { component: 'cosineSimilarity', shapes: { a: [7], b: [7] } },
    },
    {
      id: 'parameters',
      why: 'parameters of width 6 beside rows',
      flags: ['parameters'],
      input: { component: 'layerNorm', shapes: { input: [4, 2, 6], gain: [6], bias: [6] } },
    },
    {
      id: 'empty',
      why: 'a length of 0 is a length',
      flags: ['empty'],
      input: { component: 'squaredEuclideanDistance', shapes: { a: [2, 0, 3], b: [2, 0, 3] } },
    },
  ],
});
