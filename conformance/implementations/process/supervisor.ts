import type { Name } from '../../../spec/index.ts';
import type { Connection } from './connection.ts';
import { AdapterBroken, type Greeting } from './hello.ts';
import { Turns } from './turns.ts';

type Broken = { readonly broken: string; readonly phase: 'start' | 'run' };
/** An answer with the life that gave it; or why there is none, `again` where the question deserves a second hearing. */
type Reply = { readonly answer: object; readonly life: number } | Broken;
type Attempt = Reply | { readonly again: Broken };

const mostRestarts = 5;

/** Keeps an adapter running through whatever it does, and counts what that takes for each component. */
export class Supervisor {
  readonly #start: () => Promise<Greeting>;
  readonly #turns: Turns;
  readonly #declared: string;
  readonly #ends = new Map<Name, { readonly count: number; readonly last: string }>();
  #connection: Connection;
  #life = 0;
  #starting: Promise<Broken | undefined> | undefined;
  #closing: Promise<string | undefined> | undefined;
  #current: Name | undefined;

  constructor({ connection, hello }: Greeting, start: () => Promise<Greeting>) {
    this.#start = start;
    this.#turns = new Turns(hello.window ?? 1);
    this.#declared = JSON.stringify(hello.components);
    this.#connection = connection;
    this.#watch(connection);
  }

  /**
   * Puts a question to the adapter, starting it again when it is gone. Asked of a given life (a session's) it is never put to another one.
   * Whoever was lost without being surely to blame is asked once more, alone, unless it belongs to a session. Never rejects.
   */
  async ask(name: Name, question: string, seconds: number, life?: number): Promise<Reply> {
    const attempt = () => this.#attempt(name, question, seconds, life);
    const first = await this.#turns.take(1, attempt);
    if (!('again' in first)) return first;
    if (life !== undefined) return first.again;
    const second = await this.#turns.take(this.#turns.places, attempt);
    return 'again' in second ? second.again : second;
  }

  /** Says what was wrong with the adapter's end, or nothing. */
  close(): Promise<string | undefined> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<string | undefined> {
    await this.#starting;
    const breach = await this.#connection.takeIdleBreach();
    const wasAlive = this.#connection.alive;
    const problem = await this.#connection.finish();
    return (
      breach ??
      (wasAlive && problem !== undefined ? `at its end, the adapter ${problem}` : undefined)
    );
  }

  async #attempt(
    name: Name,
    question: string,
    seconds: number,
    life: number | undefined,
  ): Promise<Attempt> {
    if (this.#closing !== undefined)
      return { broken: 'the adapter is closed already', phase: 'start' };
    this.#current = name;
    const breach = await this.#connection.takeIdleBreach();
    if (breach !== undefined) return { broken: breach, phase: 'run' };
    const refusal = this.#exhausted(name) ?? this.#lostSession(life) ?? (await this.#revive(name));
    if (refusal !== undefined) return refusal;
    const asked = this.#life;
    const outcome = await this.#connection.ask(question, seconds);
    if ('answer' in outcome) return { answer: outcome.answer, life: asked };
    const broken: Broken = { broken: outcome.lost, phase: 'run' };
    return outcome.blamed ? broken : { again: broken };
  }

  /** Six ends are one start and five restarts. */
  #exhausted(name: Name): Broken | undefined {
    const ends = this.#ends.get(name);
    if (ends === undefined || ends.count <= mostRestarts) return undefined;
    const broken = `five restarts within ${name} were not enough, and no more are tried. The last time, ${ends.last}`;
    return { broken, phase: 'start' };
  }

  #lostSession(life: number | undefined): Broken | undefined {
    if (life === undefined || (life === this.#life && this.#connection.alive)) return undefined;
    return {
      broken: 'the session is lost: the process that held it is gone; open another',
      phase: 'run',
    };
  }

  async #revive(name: Name): Promise<Broken | undefined> {
    if (this.#connection.alive) return undefined;
    this.#starting ??= this.#restart(name).finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async #restart(name: Name): Promise<Broken | undefined> {
    await this.#connection.ended;
    try {
      const { connection, hello } = await this.#start();
      if (JSON.stringify(hello.components) !== this.#declared) {
        await connection.stop(
          'declared other components than at its first start, by which it is judged',
        );
        throw new AdapterBroken(`the adapter ${connection.reason}`);
      }
      this.#life += 1;
      this.#connection = connection;
      this.#watch(connection);
      return undefined;
    } catch (error) {
      if (!(error instanceof AdapterBroken)) throw error;
      this.#count(name, error.message);
      return { broken: `could not be started again: ${error.message}`, phase: 'start' };
    }
  }

  #watch(connection: Connection): void {
    void connection.ended.then(() => {
      if (this.#current !== undefined)
        this.#count(this.#current, `the adapter ${connection.reason}`);
    });
  }

  #count(name: Name, last: string): void {
    this.#ends.set(name, { count: (this.#ends.get(name)?.count ?? 0) + 1, last });
  }
}
