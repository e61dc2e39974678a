import { isTensor } from '../../spec/schema.ts';
import type { Tensor } from '../../spec/tensor.ts';
import { copied } from './copy.ts';
import { Rejected, Unsupported } from './implementation.ts';

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
      for (const request of script.actions) answers.push(copied(await opened.act(request)));
      return { answers };
    } finally {
      await opened.close?.();
    }
  };

/** The answer to a request that was not carried out, and changed nothing. */
export type Declined = { readonly rejected: string } | { readonly unsupported: string };

/**
 * A kernel of a session that goes on after a request that it rejects (throws `Rejected`) or does not take (throws `Unsupported`).
 *
 * @example
 * inProcess({ name: 'mine', version: '1', entries: { flatIndex: { run: stepwise((settings) => myIndex(settings)) } } })
 */
export const stepwise =
  <O, A extends Request, B extends object>(
    open: (input: O) => OpenSession<A, B> | Promise<OpenSession<A, B>>,
  ) =>
  async (script: Script<O, A>): Promise<{ readonly answers: readonly (B | Declined)[] }> => {
    const opened = await open(script.open);
    try {
      const answers: (B | Declined)[] = [];
      for (const request of script.actions) {
        const sent = asSent(request, answers);
        answers.push(sent === undefined ? nothingSaved : copied(await answerTo(opened, sent)));
      }
      return { answers };
    } finally {
      await opened.close?.();
    }
  };

async function answerTo<A, B>({ act }: OpenSession<A, B>, request: A): Promise<B | Declined> {
  try {
    return await act(request);
  } catch (error) {
    if (error instanceof Rejected) return { rejected: error.message };
    if (error instanceof Unsupported) return { unsupported: error.message };
    throw error;
  }
}

export const nothingSaved = { unsupported: 'nothing was saved that could be loaded' };

/**
 * A request as it is sent: `load` with a copy of the bytes that the last `save` answered, or with the first half of them where it says `truncated`;
 * nothing where nothing was saved.
 */
export function asSent<A extends Request>(request: A, answers: readonly object[]): A | undefined {
  const { action, input } = request;
  if (action !== 'load' || 'bytes' in input) return request;
  const saved = answers.toReversed().find((answer) => 'bytes' in answer && isTensor(answer.bytes));
  if (saved === undefined || !('bytes' in saved) || !isTensor(saved.bytes)) return undefined;
  const isCut = 'truncated' in input && input.truncated === true;
  return { ...request, input: { bytes: isCut ? firstHalf(saved.bytes) : copied(saved.bytes) } };
}

const firstHalf = ({ dtype, data }: Tensor): Tensor => {
  const kept = data.slice(0, Math.floor(data.length / 2));
  return { dtype, shape: [kept.length], data: kept };
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
