import type { Name } from '../../../spec/index.ts';

/** What a thread is told: to take a component, or to close what it started and end. */
export type ToThread = { readonly take: Name } | { readonly end: true };

/** What a thread tells. Of a component first how far it is, then what came of it. */
export type FromThread<T> =
  | { readonly ready: true }
  /** It cannot work here at all: an implementation that does not start a second time. */
  | { readonly unable: string }
  | { readonly done: number }
  | { readonly result: T }
  | { readonly warnings: readonly string[] }
  /** A process group that it started, or that is over. */
  | { readonly group: number; readonly lives: boolean };
