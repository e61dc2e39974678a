import { countedInput, type Sizes } from '../../spec/accounting/countedInput.ts';
import { isName, spec, type Name } from '../../spec/index.ts';
import { counting, type Counts } from '../arithmetics/counting.ts';
import { lift, settle } from '../evaluate.ts';
import { references } from '../index.ts';
import { reference } from '../reference.ts';

/** The list of references has this one on it: it is read when a question comes, and is whole by then. */
function countsOf<N extends Name>(name: N, sizes: Sizes): Counts {
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
    const { multiplications, additions, exponentials, comparisons } = countsOf(component, sizes);
    return { multiplications, additions, exponentials, comparisons };
  },
);
