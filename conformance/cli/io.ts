/** What a command writes to: `process.stdout` is one. */
export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything outside that a command touches besides files. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** The folder of the corpus, unless another is named. */
  readonly corpus: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user interrupts: what was started is closed. */
  readonly signal: AbortSignal;
  /** Resolves when what was written has left: a slow reader slows the writer. */
  readonly drained: () => Promise<void>;
  /** Whether nobody reads the output any more. */
  readonly unread: () => boolean;
}

export const exitStatus = { passed: 0, failed: 1, usage: 2, broken: 3, interrupted: 130 } as const;
