/** The input of a session: what it is opened with, and what it is then asked, one request after another. */
export interface Script<O, A> {
  readonly open: O;
  readonly actions: readonly A[];
}

/** What answers the requests of one session. */
export interface OpenSession<A, B> {
  readonly act: (request: A) => B | Promise<B>;
  readonly close?: () => void | Promise<void>;
}

/**
 * A kernel of a session, made of what opens one: each script is put to a session of its own, which is closed whatever comes.
 *
 * @example
 * inProcess({ name: 'mine', version: '1', entries: { cachedAttention: { run: session(() => ({ act: ({ input }) => append(input) })) } } })
 */
export const session =
  <O, A, B>(open: (input: O) => OpenSession<A, B> | Promise<OpenSession<A, B>>) =>
  async (script: Script<O, A>): Promise<{ readonly answers: readonly B[] }> => {
    const opened = await open(script.open);
    try {
      const answers: B[] = [];
      for (const request of script.actions) answers.push(await opened.act(request));
      return { answers };
    } finally {
      await opened.close?.();
    }
  };

/** One request of any session, as it goes over a wire. */
export interface Request {
  readonly action: string;
  readonly input: object;
}

const isRequest = (value: unknown): value is Request =>
  typeof value === 'object' &&
  value !== null &&
  'action' in value &&
  typeof value.action === 'string' &&
  'input' in value &&
  typeof value.input === 'object' &&
  value.input !== null;

/** Whether an input is a script that can be sent request by request. */
export const isScript = (input: object): input is Script<object, Request> =>
  'open' in input &&
  typeof input.open === 'object' &&
  input.open !== null &&
  'actions' in input &&
  Array.isArray(input.actions) &&
  input.actions.every(isRequest);
