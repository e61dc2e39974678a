import type { Blur } from './blur.ts';

/** Vectors of a shortlist, and between which numbers the score of each lies. */
export interface Candidates {
  readonly ids: Int32Array;
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/** Puts a number into a heap whose least is at the top, in place of that. */
function replaceTop(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child += 1;
    const below = heap[child] ?? Infinity;
    if (value <= below) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = value;
}

/**
 * The vectors that may be among the k best of a query, while scores come in. `bar` is the kth greatest least so far: what is surely below it is
 * surely not among them. Room is made by going through what was kept when the bar was lower.
 */
export class Shortlist {
  bar = -Infinity;
  private readonly top: Float64Array;
  private ids: Int32Array;
  private least: Float64Array;
  private most: Float64Array;
  private count = 0;

  constructor(k: number) {
    this.top = new Float64Array(k).fill(-Infinity);
    const room = 2 * k + 256;
    this.ids = new Int32Array(room);
    this.least = new Float64Array(room);
    this.most = new Float64Array(room);
  }

  /** Takes a vector whose most is not below the bar. Ends that are NaN (∞ − ∞) say nothing. */
  add(id: number, least: number, most: number): void {
    if (this.count === this.ids.length) this.makeRoom();
    const low = Number.isNaN(least) ? -Infinity : least;
    this.ids[this.count] = id;
    this.least[this.count] = low;
    this.most[this.count] = Number.isNaN(most) ? Infinity : most;
    this.count += 1;
    if (low > this.bar) {
      replaceTop(this.top, low);
      this.bar = this.top[0] ?? -Infinity;
    }
  }

  private makeRoom(): void {
    this.prune();
    if (this.count <= this.ids.length / 2) return;
    const { ids, least, most } = this;
    const room = 2 * ids.length;
    this.ids = new Int32Array(room);
    this.least = new Float64Array(room);
    this.most = new Float64Array(room);
    this.ids.set(ids);
    this.least.set(least);
    this.most.set(most);
  }

  private prune(): void {
    let kept = 0;
    for (let i = 0; i < this.count; i += 1) {
      const most = this.most[i] ?? Infinity;
      if (most < this.bar) continue;
      this.ids[kept] = this.ids[i] ?? 0;
      this.least[kept] = this.least[i] ?? -Infinity;
      this.most[kept] = most;
      kept += 1;
    }
    this.count = kept;
  }

  /** All that may be among the best: every other is surely worse than k of them. */
  candidates(): Candidates {
    this.prune();
    return {
      ids: this.ids.slice(0, this.count),
      least: this.least.slice(0, this.count),
      most: this.most.slice(0, this.count),
    };
  }
}

/** A score in doubles, with what it may be off. */
export interface Scored {
  readonly id: number;
  readonly score: number;
  readonly length: number;
}

/** Puts a vector to a shortlist, unless it is surely below the bar. */
export function offerScore(
  shortlist: Shortlist,
  { relative, perLength, absolute }: Blur,
  { id, score, length }: Scored,
): void {
  const off = relative * Math.abs(score) + perLength * length + absolute;
  const most = score + off;
  if (!(most < shortlist.bar)) shortlist.add(id, score - off, most);
}
