import { Worker } from 'node:worker_threads';
import type { Name } from '../../../spec/index.ts';
import { adoptGroup, forgetGroup, killGroup } from '../../implementations/process/group.ts';
import type { FromThread, ToThread } from './messages.ts';

/** Components, the threads that share them out, and who hears of it. */
export interface Shared<T> {
  readonly entry: URL;
  /** What each thread is given: a copy of it. */
  readonly given: unknown;
  readonly threads: number;
  /** In the order in which they are taken. */
  readonly names: readonly Name[];
  readonly onResult: (name: Name, result: T) => void;
  /** The thread that was at it is gone. */
  readonly onLost: (name: Name, reason: string) => void;
  readonly onProgress: (name: Name, done: number) => void;
  readonly onWarning: (warning: string) => void;
}

/** How long a thread gets to close what it started. */
const closingMilliseconds = 1500;

/** Threads, each of which takes the next component as soon as it is done with one. One that dies costs the component that it was at, and is replaced. */
export class Threads<T> {
  readonly #shared: Shared<T>;
  readonly #waiting: Name[];
  readonly #workers = new Map<Worker, Promise<void>>();
  #stopped = false;

  constructor(shared: Shared<T>) {
    this.#shared = shared;
    this.#waiting = [...shared.names];
  }

  /**
   * Resolves when there is nothing left to take, or nobody to take it: with those that were not taken, as no thread can start.
   *
   * @throws Error where it was stopped before
   */
  async run(): Promise<readonly Name[]> {
    const count = Math.min(this.#shared.threads, this.#waiting.length);
    await Promise.all(Array.from({ length: count }, () => this.#seat()));
    if (this.#stopped) throw new Error('stopped before all components were checked');
    return this.#waiting;
  }

  /** Closes what the threads started, and ends them, whatever they are at. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const workers = [...this.#workers.keys()];
    for (const worker of workers) tell(worker, { end: true });
    const late = setTimeout(
      () => workers.forEach((worker) => void worker.terminate()),
      closingMilliseconds,
    );
    await Promise.all(this.#workers.values());
    clearTimeout(late);
  }

  async #seat(): Promise<void> {
    let able = true;
    while (able && !this.#stopped && this.#waiting.length > 0) able = await this.#life();
  }

  /** One thread from its start to its end: false where it could not start. */
  async #life(): Promise<boolean> {
    const { entry, given } = this.#shared;
    const worker = new Worker(entry, { workerData: given, execArgv: [] });
    const life = new Life(worker, this.#shared, () =>
      this.#stopped ? undefined : this.#waiting.shift(),
    );
    this.#workers.set(worker, life.ended);
    await life.ended;
    this.#workers.delete(worker);
    return life.started;
  }
}

const tell = (worker: Worker, message: ToThread): void => worker.postMessage(message, []);

/** What one thread is at, until it is gone. */
class Life<T> {
  readonly ended: Promise<void>;
  started = false;
  readonly #worker: Worker;
  readonly #shared: Shared<T>;
  readonly #next: () => Name | undefined;
  readonly #groups = new Set<number>();
  #current: Name | undefined;
  #reason: string | undefined;

  constructor(worker: Worker, shared: Shared<T>, next: () => Name | undefined) {
    this.#worker = worker;
    this.#shared = shared;
    this.#next = next;
    worker.on('message', (message: FromThread<T>) => this.#hear(message));
    worker.on('error', (error) => (this.#reason = reasonOf(error)));
    this.ended = new Promise((resolve) =>
      worker.on('exit', (status) => {
        this.#onEnd(status);
        resolve();
      }),
    );
  }

  #hear(message: FromThread<T>): void {
    if ('ready' in message) this.started = true;
    if ('unable' in message)
      this.#shared.onWarning(`cannot be started in a thread of its own: ${message.unable}`);
    if ('done' in message && this.#current !== undefined)
      this.#shared.onProgress(this.#current, message.done);
    if ('warnings' in message) message.warnings.forEach(this.#shared.onWarning);
    if ('group' in message) this.#onGroup(message.group, message.lives);
    if ('result' in message && this.#current !== undefined)
      this.#shared.onResult(this.#current, message.result);
    if ('ready' in message || 'result' in message) this.#take();
  }

  #take(): void {
    this.#current = this.#next();
    tell(this.#worker, this.#current === undefined ? { end: true } : { take: this.#current });
  }

  #onGroup(pid: number, lives: boolean): void {
    if (lives) {
      this.#groups.add(pid);
      adoptGroup(pid);
    } else if (this.#groups.delete(pid)) forgetGroup({ pid });
  }

  #onEnd(status: number): void {
    for (const pid of this.#groups) {
      killGroup({ pid });
      forgetGroup({ pid });
    }
    const name = this.#current;
    if (name !== undefined)
      this.#shared.onLost(
        name,
        this.#reason ?? `ended the thread that it ran in (exit status ${status})`,
      );
  }
}

/** An error of a thread may be anything that was thrown. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
