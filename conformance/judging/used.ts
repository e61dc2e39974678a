/**
 * How much of their bounds cases used, error / bound, as counts by thousandths: what worst and median are read from, and what shards of a run add up.
 * Written as text, one `thousandths:cases` after another: `0:120 3:1 250:2`.
 */
export class Used {
  readonly #counts = new Map<number, number>();
  worst = 0;

  /** Rounded up: what is just below the bound is not counted as below. */
  add(used: number): void {
    this.worst = Math.max(this.worst, used);
    this.#count(Math.ceil(used * 1000), 1);
  }

  #count(thousandths: number, cases: number): void {
    this.#counts.set(thousandths, (this.#counts.get(thousandths) ?? 0) + cases);
  }

  get #sorted(): readonly (readonly [number, number])[] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  /** The lower median, up to a thousandth; 0 where there is none. */
  get median(): number {
    const sorted = this.#sorted;
    const half = Math.ceil(sorted.reduce((total, [, cases]) => total + cases, 0) / 2);
    let seen = 0;
    for (const [thousandths, cases] of sorted) {
      seen += cases;
      if (seen >= half) return thousandths / 1000;
    }
    return 0;
  }

  toString(): string {
    return this.#sorted.map(([thousandths, cases]) => `${thousandths}:${cases}`).join(' ');
  }

  /** Adds what another run wrote. Malformed parts were refused by whoever read the report (`usedPattern`). */
  merge(text: string, worst: number): void {
    this.worst = Math.max(this.worst, worst);
    for (const part of text.split(' ').filter((one) => one !== '')) {
      const [thousandths = 0, cases = 0] = part.split(':').map(Number);
      this.#count(thousandths, cases);
    }
  }
}

export const usedPattern = /^(\d+:\d+( \d+:\d+)*)?$/;
