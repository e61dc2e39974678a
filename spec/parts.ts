/** The elements of one output tensor that a part holds, as flat places in the whole: `start`, `start + step`, … `count` of them. */
export interface Places {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** A part of a large case: a smaller input of the same component, and which elements of the whole output are its output, by field. */
export interface Part<I> {
  readonly input: I;
  /** In the order of the smaller output's elements. */
  readonly output: Readonly<Record<string, readonly Places[]>>;
}

/**
 * The parts of an output that follow from less than the whole input: a row of a softmax, a query of an attention with all keys, a row and some columns
 * of a product. Every element of the output is in exactly one part.
 */
export interface Parts<I> {
  /** What a part is: 'row', 'query', 'token'. */
  readonly unit: string;
  readonly count: number;
  /** Consecutive parts in one, from `first` on: what they share is computed once. */
  readonly part: (first: number, count: number) => Part<I>;
}
