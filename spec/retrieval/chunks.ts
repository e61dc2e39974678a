/** What is asked: how a text is to be cut. */
export interface Cutting {
  readonly text: string;
  readonly size: number;
  readonly overlap: number;
}

/** A piece of a text, and where it stands: from the character `start` to before the character `end`. */
export interface Chunk {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Chunks {
  readonly chunks: readonly Chunk[];
}

/** How many chunks a text of so many characters has: as many as it takes for the last to end where the text does. */
export const chunkCount = (length: number, size: number, overlap: number): number =>
  length === 0 ? 0 : Math.max(1, Math.ceil((length - overlap) / (size - overlap)));
