import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { exitText, withStderr } from './describe.ts';
import { forgetGroup, killGroup, spawnGroup } from './group.ts';
import { Tail } from './tail.ts';

/**
 * In milliseconds: from a closed pipe to the exit that explains it; from an exit to the last of its output, which a child that left the
 * group could keep open for ever; from a kill to its effect; from the end of input to the exit.
 */
const patience = { explain: 100, drain: 200, kill: 1000, finish: 1000 } as const;

/** One life of an adapter's process group: started here, and surely over when `ended` resolves. */
export class Lifetime {
  readonly ended: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #stderr = new Tail();
  #resolveEnded: () => void = () => {};
  #state: 'running' | 'finishing' | 'exited' | 'stopped' | 'ended' = 'running';
  #reason: string | undefined;
  #clean = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(command: string, onData: (chunk: Buffer) => void) {
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    const child = spawnGroup(command);
    this.#child = child;
    child.on('error', (error) => this.stop(`could not be run: ${error.message}`));
    child.on('exit', (status, signal) => this.#onExit(status, signal));
    child.on('close', () => this.#end());
    child.stdin.on('error', (error) => this.#onSilence(`stopped reading: ${error.message}`));
    child.stdout.on('data', (chunk: Buffer) => {
      if (this.#state !== 'stopped' && this.#state !== 'ended') onData(chunk);
    });
    child.stdout.on('end', () => this.#onSilence('closed its standard output without exiting'));
    child.stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  /** Whether it exited by itself with status 0. */
  get clean(): boolean {
    return this.#clean;
  }

  /** Why it is over, with the last lines of its stderr. */
  get reason(): string {
    return withStderr(this.#reason ?? 'is being closed', this.#stderr.text);
  }

  write(line: string): void {
    this.#child.stdin.write(line);
  }

  /** Kills the group; nothing more is read of it. */
  stop(reason: string): void {
    if (this.#state === 'stopped' || this.#state === 'ended') return;
    this.#state = 'stopped';
    this.#reason = this.#reason === undefined ? reason : `${reason}, and ${this.#reason}`;
    this.#clean = false;
    killGroup(this.#child);
    this.#child.stdout.destroy();
    this.#after(patience.kill, () => this.#end());
  }

  /** Ends the input, and the group a second later if it must. Says what was wrong with the end, or nothing. */
  async finish(): Promise<string | undefined> {
    if (this.#state === 'running') {
      this.#state = 'finishing';
      this.#child.stdin.end();
      this.#after(patience.finish, () => {
        const expected = `did not exit within ${patience.finish / 1000} s of the end of its input`;
        if (this.#state === 'finishing') this.stop(`${expected} and was killed`);
      });
    }
    await this.ended;
    return this.#clean ? undefined : this.reason;
  }

  /** The action comes after what waits in the pipes, however long this process was busy. */
  #after(milliseconds: number, action: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setImmediate(action), milliseconds);
  }

  /** A pipe that closes is mostly an exit under way, whose status says more. */
  #onSilence(reason: string): void {
    if (this.#state !== 'running') return;
    this.#after(patience.explain, () => {
      if (this.#state === 'running') this.stop(reason);
    });
  }

  /** What it wrote before it exited still counts: it is over when the pipes are. */
  #onExit(status: number | null, signal: NodeJS.Signals | null): void {
    killGroup(this.#child);
    if (this.#state === 'stopped' || this.#state === 'ended') return;
    this.#state = 'exited';
    this.#reason = exitText(status, signal);
    this.#clean = status === 0;
    this.#after(patience.drain, () => this.#end());
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearTimeout(this.#timer);
    killGroup(this.#child);
    forgetGroup(this.#child);
    for (const pipe of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) pipe.destroy();
    this.#resolveEnded();
  }
}
