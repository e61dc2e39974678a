import { isUtf8 } from 'node:buffer';
import { parseJson } from '../../interface/json.ts';
import { excerpt, lateText, noAnswer } from './describe.ts';
import { Lifetime } from './lifetime.ts';
import { LineReader } from './lines.ts';

/** An answer, or why there is none; `blamed` where it is certain that this very request is the reason. */
export type Outcome =
  { readonly answer: object } | { readonly lost: string; readonly blamed: boolean };

interface Waiting {
  readonly settle: (outcome: Outcome) => void;
  readonly timer: NodeJS.Timeout;
  answer?: object;
}

/** setTimeout takes no more: beyond, it fires at once. */
const longestTimeout = 2 ** 31 - 1;

/** Questions and answers with one process. A breach of the protocol ends it: nothing that came after could be trusted. */
export class Connection {
  readonly #lifetime: Lifetime;
  readonly #lines: LineReader;
  readonly #limit: number;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #answered: number[] = [];
  #breached = false;
  #breachedIdle = false;
  #guilty: number | undefined;

  constructor(command: string, lineLimit: number) {
    this.#limit = lineLimit;
    this.#lines = new LineReader(lineLimit, (line) => this.#onLine(line));
    this.#lifetime = new Lifetime(command, (chunk) => this.#onData(chunk));
    void this.#lifetime.ended.then(() => this.#onEnded());
  }

  get alive(): boolean {
    return this.#lifetime.running;
  }

  get ended(): Promise<void> {
    return this.#lifetime.ended;
  }

  /** Why it is over, with the last lines of its stderr. */
  get reason(): string {
    return this.#lifetime.reason;
  }

  /** A breach that happened while nothing was asked. Told once. */
  async takeIdleBreach(): Promise<string | undefined> {
    if (!this.#breachedIdle) return undefined;
    this.#breachedIdle = false;
    await this.ended;
    return `between requests, the adapter ${this.reason}`;
  }

  /** Puts a question, given as the JSON of a request that is not numbered yet. Never rejects. */
  ask(question: string, seconds: number): Promise<Outcome> {
    if (!this.alive) return this.ended.then(() => ({ lost: this.reason, blamed: false }));
    const id = this.#next;
    const line = `{"id":${id},${question.slice(1)}\n`;
    this.#next += 1;
    return new Promise((settle) => {
      // Between a timer and setImmediate the pipes are read: an answer that waited there while this process was busy is in time.
      const onTimer = () => setImmediate(() => this.#onLate(id, seconds));
      const timer = setTimeout(onTimer, Math.min(seconds * 1000, longestTimeout));
      this.#waiting.set(id, { settle, timer });
      this.#lifetime.write(line);
    });
  }

  /** Ends the input, then the process. Says what was wrong with its end, or nothing. */
  finish(): Promise<string | undefined> {
    return this.#lifetime.finish();
  }

  stop(reason: string): Promise<void> {
    this.#lifetime.stop(reason);
    return this.ended;
  }

  #breach(reason: string, guilty?: number): void {
    if (this.#breached) return;
    this.#breached = true;
    this.#guilty = guilty;
    this.#breachedIdle = this.#waiting.size === 0;
    this.#lifetime.stop(reason);
  }

  #onData(chunk: Buffer): void {
    if (!this.#lines.push(chunk))
      this.#breach(`wrote a line of more than ${this.#limit} bytes, the limit`);
    else if (!this.#breached) this.#deliver();
  }

  /** Answers are handed on when the chunk is read to its end, so that a second one in it finds its request still open. */
  #deliver(): void {
    for (const id of this.#answered) {
      const waiting = this.#waiting.get(id);
      if (waiting?.answer === undefined) continue;
      clearTimeout(waiting.timer);
      this.#waiting.delete(id);
      waiting.settle({ answer: waiting.answer });
    }
    this.#answered = [];
  }

  #onLine(line: Buffer): void {
    if (this.#breached) return;
    const answer = isUtf8(line) ? parseObject(line.toString('utf8')) : undefined;
    const id = answer !== undefined && 'id' in answer ? answer.id : undefined;
    if (answer === undefined || typeof id !== 'number') return this.#breach(noAnswer(line));
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return this.#breach(this.#unasked(id, line));
    if (waiting.answer !== undefined)
      return this.#breach(`answered request ${id} twice: ${excerpt(line)}`, id);
    waiting.answer = answer;
    this.#answered.push(id);
  }

  #unasked(id: number, line: Buffer): string {
    const known = Number.isInteger(id) && id >= 0 && id < this.#next;
    const what = known ? 'a second time' : 'which was never asked';
    return `answered request ${id}${known ? ' ' : ', '}${what}: ${excerpt(line)}`;
  }

  #onLate(id: number, seconds: number): void {
    if (this.alive && this.#waiting.has(id))
      this.#breach(lateText(seconds, this.#lines.unfinished), id);
  }

  /** With several outstanding, an exit or a garbled line may be any one's fault. */
  #onEnded(): void {
    const alone = this.#waiting.size === 1 && !this.#lifetime.clean;
    for (const [id, { settle, timer }] of this.#waiting) {
      clearTimeout(timer);
      settle({
        lost: `the adapter ${this.reason}`,
        blamed: this.#guilty === id || (this.#guilty === undefined && alone),
      });
    }
    this.#waiting.clear();
  }
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = parseJson(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
