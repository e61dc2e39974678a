import { countedInput } from '../../../spec/accounting/countedInput.ts';
import { isName, spec, type Name, type Output } from '../../../spec/index.ts';
import { counting, type Counts } from '../../../reference/arithmetics/counting.ts';
import { certified } from '../../../reference/arithmetics/certified.ts';
import { lift } from '../../../reference/evaluate.ts';
import { references } from '../../../reference/index.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Kernel = Mutants<'operationCount'>['honest'];
type Counted = Output<'operationCount'>;

/** Counted in another arithmetic than the reference counts in. */
function counted<N extends Name>(name: N, sizes: Parameters<typeof countedInput>[1]): Counts {
  const input = spec[name].input.parse(countedInput(name, sizes));
  return certified(256)((over) => {
    const { arithmetic, counts } = counting(over);
    references[name](arithmetic, lift(arithmetic, input));
    return counts;
  });
}

const countedAs =
  (count: (counts: Counts) => Counted): Kernel =>
  ({ component, sizes }) => {
    if (!isName(component)) throw new RangeError(component);
    return count(counted(component, sizes));
  };

const four = ({ multiplications, additions, exponentials, comparisons }: Counts): Counted => ({
  multiplications,
  additions,
  exponentials,
  comparisons,
});
const honest = countedAs(four);
const changed = (change: (counted: Counted) => Partial<Counted>): Kernel =>
  withOutput(honest, (output) => ({ ...output, ...change(output) }));

export const operationCount: Mutants<'operationCount'> = {
  honest,
  mutants: [
    {
      id: 'fused',
      defect: 'classic',
      wrong: 'counts a product and the sum that it goes into as one',
      run: changed(({ multiplications, additions }) => ({
        additions: Math.max(0, additions - multiplications),
      })),
    },
    {
      id: 'sums-of-n',
      defect: 'classic',
      wrong: 'takes as many additions as products: n for a dot product of n',
      run: changed(({ multiplications, additions }) => ({
        additions: Math.max(multiplications, additions),
      })),
    },
    {
      id: 'divisions-too',
      defect: 'classic',
      wrong: 'counts divisions as products',
      run: countedAs((counts) => ({
        ...four(counts),
        multiplications: counts.multiplications + counts.divisions,
      })),
    },
    {
      id: 'functions-too',
      defect: 'classic',
      wrong: 'counts every function as an exponential',
      run: countedAs((counts) => ({
        ...four(counts),
        exponentials: counts.exponentials + counts.functions,
      })),
    },
    {
      id: 'no-comparisons',
      defect: 'classic',
      wrong: 'takes the search for a maximum for free',
      run: changed(() => ({ comparisons: 0 })),
    },
    {
      id: 'floating-point-operations',
      defect: 'classic',
      wrong: 'gives the sum of all for the products',
      run: changed(({ multiplications, additions }) => ({
        multiplications: multiplications + additions,
      })),
    },
    {
      id: 'linear-in-length',
      defect: 'classic',
      wrong: 'lets every query meet one key',
      run: withInput(honest, ({ component, sizes }) => ({
        component,
        sizes: sizes['Lk'] === undefined ? sizes : { ...sizes, Lk: 1 },
      })),
    },
    {
      id: 'first-row',
      defect: 'classic',
      wrong: 'takes every length but the last for 1',
      run: withInput(honest, ({ component, sizes }) => ({
        component,
        sizes: Object.fromEntries(
          Object.entries(sizes).map(([name, size], i, { length }) => [
            name,
            /^[A-Z]/.test(name) && i < length - 1 && name !== 'D' ? 1 : size,
          ]),
        ),
      })),
    },
    {
      id: 'multiply-adds-doubled',
      defect: 'classic',
      wrong: 'counts a multiply-add as two products',
      run: changed(({ multiplications }) => ({ multiplications: 2 * multiplications })),
    },
    {
      id: 'in-tens',
      defect: 'classic',
      wrong: 'gives the order of magnitude',
      run: changed(({ additions }) => ({
        additions: additions === 0 ? 0 : 10 ** Math.floor(Math.log10(additions)),
      })),
    },
  ],
};
