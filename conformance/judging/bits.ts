import type { Settled } from './settles.ts';

/** How many bits verdicts settle: the medians of cases as counts, `21:98 22:2`, and the least of all elements. */
export class Bits {
  readonly #counts = new Map<number, number>();
  least = Infinity;

  add({ median, least }: Settled): void {
    this.least = Math.min(this.least, least);
    this.#count(median, 1);
  }

  #count(bits: number, cases: number): void {
    this.#counts.set(bits, (this.#counts.get(bits) ?? 0) + cases);
  }

  get #sorted(): readonly (readonly [number, number])[] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  /** The lower median of the cases. */
  get median(): number {
    const sorted = this.#sorted;
    const half = Math.ceil(sorted.reduce((total, [, cases]) => total + cases, 0) / 2);
    let seen = 0;
    return sorted.find(([, cases]) => (seen += cases) >= half)?.[0] ?? 0;
  }

  toString(): string {
    return this.#sorted.map(([bits, cases]) => `${bits}:${cases}`).join(' ');
  }

  /** Adds what another run wrote. */
  merge(text: string, least: number): void {
    this.least = Math.min(this.least, least);
    for (const part of text.split(' ').filter((one) => one !== '')) {
      const [bits = 0, cases = 0] = part.split(':').map(Number);
      this.#count(bits, cases);
    }
  }

  /** What a report holds of it; nothing where there was no number. */
  get report(): { settles?: string; medianSettles?: number; leastSettles?: number } {
    const settles = String(this);
    return settles === '' ? {} : { settles, medianSettles: this.median, leastSettles: this.least };
  }
}
