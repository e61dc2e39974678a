/** Lets in so many at a time, in the order they came. One who takes every place is alone. */
export class Turns {
  readonly places: number;
  #free: number;
  readonly #queue: { readonly wanted: number; readonly enter: () => void }[] = [];

  constructor(places: number) {
    this.places = places;
    this.#free = places;
  }

  async take<T>(wanted: number, action: () => Promise<T>): Promise<T> {
    if (this.#queue.length === 0 && this.#free >= wanted) this.#free -= wanted;
    else await new Promise<void>((enter) => this.#queue.push({ wanted, enter }));
    try {
      return await action();
    } finally {
      this.#free += wanted;
      this.#admit();
    }
  }

  #admit(): void {
    for (
      let first = this.#queue[0];
      first !== undefined && first.wanted <= this.#free;
      first = this.#queue[0]
    ) {
      this.#queue.shift();
      this.#free -= first.wanted;
      first.enter();
    }
  }
}
