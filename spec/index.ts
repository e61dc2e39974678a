import type { Component } from './component.ts';
import { sampling } from './sampling/index.ts';
import { attention } from './attention/index.ts';
import { layers } from './layers/index.ts';
import { embedding } from './embedding/index.ts';
import { models } from './models/index.ts';
import { training } from './training/index.ts';
import { similarity } from './similarity/index.ts';
import { indexes } from './indexes/index.ts';
import { accounting } from './accounting/index.ts';
import { text } from './text/index.ts';
import { retrieval } from './retrieval/index.ts';
import { artifacts } from './artifacts/index.ts';

/** Every family's list, in the order of the table in README.md. */
const entries = {
  ...sampling,
  ...attention,
  ...layers,
  ...embedding,
  ...models,
  ...training,
  ...similarity,
  ...indexes,
  ...accounting,
  ...text,
  ...retrieval,
  ...artifacts,
};

type Parts<C> =
  C extends Component<infer I, infer O, infer R>
    ? { readonly input: I; readonly output: O; readonly raw: R }
    : never;
type Signatures = { readonly [N in Name]: Parts<(typeof entries)[N]> };
export type Name = keyof typeof entries;
/** A component's input as its reference and its implementation get it, defaults filled in. */
export type Input<N extends Name> = Signatures[N]['input'];
/** A component's input as it is written, defaults left out where one likes. */
export type RawInput<N extends Name> = Signatures[N]['raw'];
export type Output<N extends Name> = Signatures[N]['output'];

/** Every component by name. A function generic in `N extends Name` may index it without a cast. */
export const spec: { readonly [N in Name]: Component<Input<N>, Output<N>, RawInput<N>> } = entries;
export const isName = (text: string): text is Name => Object.hasOwn(entries, text);
export const names: readonly Name[] = Object.keys(entries).filter(isName);
