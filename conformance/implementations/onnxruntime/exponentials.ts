import type { DeclaredNumerics } from '../../../spec/numerics.ts';
import { ieee } from './numerics.ts';

const exponentials = (flushesSubnormals: boolean) =>
  ({ ...ieee, flushesSubnormals }) as const satisfies DeclaredNumerics;
export type Exponentials = ReturnType<typeof exponentials>;

/** How one operator is run on one row. */
type Apply = (
  operation: { readonly operator: string; readonly attributes: { axis: { integer: number } } },
  feeds: readonly { kind: 'float32'; shape: readonly number[]; data: readonly number[] }[],
) => Promise<readonly { readonly data: ArrayLike<number> }[]>;

/** What it declares where it takes exponentials: without AVX-512 those below the normal range are 0. Whether e^−88 is tells. */
export async function exponentialsOf(apply: Apply): Promise<Exponentials> {
  const row = { kind: 'float32', shape: [1, 2], data: [0, -88] } as const;
  const [shares] = await apply({ operator: 'Softmax', attributes: { axis: { integer: -1 } } }, [
    row,
  ]);
  return exponentials(shares?.data[1] === 0);
}
