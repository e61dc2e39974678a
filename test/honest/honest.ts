import type { Kernel } from '../../conformance/interface/implementation.ts';
import type { Name } from '../../spec/index.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import type { Unit } from './machine.ts';

/** A sound kernel on any machine, the options that it follows, and what it declares beyond its machine. */
export interface Honest<N extends Name> {
  readonly kernel: (unit: Unit) => Kernel<N>;
  readonly options?: Readonly<Record<string, readonly string[]>>;
  readonly numerics?: DeclaredNumerics;
}

export type HonestTable = { readonly [N in Name]?: Honest<N> };
