/** The elements of one output tensor that a part holds, as flat places in the whole: `start`, `start + step`, … `count` of them. */
export interface Places {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** A field of a part's output: its shape, and where its elements stand in the whole, in order. */
export interface PartOfField {
  readonly shape: readonly number[];
  readonly places: readonly Places[];
}

/** A part of a large case: a smaller input of the same component, and which elements of the whole output are its output, by field. */
export interface PartOfCase<I> {
  readonly input: I;
  readonly output: Readonly<Record<string, PartOfField>>;
}

/**
 * The parts of an output that follow from less than the whole input: a row of a softmax, a query of an attention with all keys, an output of a
 * product. Every element of the output is in exactly one part.
 */
export interface Parts<I> {
  /** What a part is: 'row', 'query', 'token'. */
  readonly unit: string;
  readonly count: number;
  /** Parts are taken together only within runs of so many: the queries of a head. */
  readonly run: number;
  /** What judging one part takes: an element of a row is a step, and so are some thirty products. */
  readonly work: number;
  /** What the parts of one run share, in steps: keys and values that are read once. Left out: nothing. */
  readonly shared?: number;
  /** Parts of one run in one, by their numbers, which rise: what they share is computed once. */
  readonly part: (numbers: readonly number[]) => PartOfCase<I>;
}
