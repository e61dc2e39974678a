/** A heap, the first in an order on top: both operations take a number of steps that grows with the logarithm of its size. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #comesBefore: (x: T, y: T) => boolean;

  constructor(comesBefore: (x: T, y: T) => boolean) {
    this.#comesBefore = comesBefore;
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !this.#comesBefore(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the first out; nothing where there is none. */
  pop(): T | undefined {
    const items = this.#items;
    const [first] = items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      const child = this.#firstChild(at);
      const item = items[child];
      if (item === undefined || !this.#comesBefore(item, last)) break;
      items[at] = item;
      at = child;
    }
    items[at] = last;
    return first;
  }

  #firstChild(at: number): number {
    const left = 2 * at + 1;
    const [x, y] = [this.#items[left], this.#items[left + 1]];
    return x !== undefined && y !== undefined && this.#comesBefore(y, x) ? left + 1 : left;
  }
}
