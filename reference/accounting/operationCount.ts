import { countedInput, type Sizes } from '../../spec/accounting/countedInput.ts';
import { isName, spec, type Input, type Name, type Output } from '../../spec/index.ts';
import { counting, type Counts } from '../arithmetics/counting.ts';
import { counted } from '../counted.ts';
import { lift, settle } from '../evaluate.ts';
import { reference, type Reference } from '../reference.ts';

type Counted = Extract<keyof typeof counted, Name>;
const references: { readonly [N in Counted]: Reference<Input<N>, Output<N>> } = counted;
const isCounted = (name: string): name is Counted => Object.hasOwn(counted, name);

function countsOf<N extends Counted>(name: N, sizes: Sizes): Counts {
  const input = spec[name].input.parse(countedInput(name, sizes));
  return settle((over) => {
    const { arithmetic, counts } = counting(over);
    references[name](arithmetic, lift(arithmetic, input));
    return counts;
  });
}

export const operationCount = reference(
  spec.operationCount,
  (_arithmetic, { component, sizes }) => {
    if (!isName(component))
      throw new RangeError(`operationCount.component: no component is named ${component}`);
    if (!isCounted(component))
      throw new RangeError(`operationCount.component: ${component} has no operations on numbers`);
    const { multiplications, additions, exponentials, comparisons } = countsOf(component, sizes);
    return { multiplications, additions, exponentials, comparisons };
  },
);
