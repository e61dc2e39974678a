/** Tokens by their code units, so that all that begin at a place of a text are found in one walk. */
export class Trie {
  readonly #next: Map<number, number>[] = [new Map()];
  readonly #ids: (number | undefined)[] = [undefined];

  add(token: string, id: number): void {
    let node = 0;
    for (let i = 0; i < token.length; i += 1) {
      const unit = token.charCodeAt(i);
      let next = this.#next[node]?.get(unit);
      if (next === undefined) {
        next = this.#next.push(new Map()) - 1;
        this.#next[node]?.set(unit, next);
      }
      node = next;
    }
    this.#ids[node] = id;
  }

  /** Calls back with the end and the id of each token that begins at a place of the text, the shortest first. */
  walk(text: string, start: number, found: (end: number, id: number) => void): void {
    let node: number | undefined = 0;
    for (let at = start; at < text.length; at += 1) {
      node = this.#next[node]?.get(text.charCodeAt(at));
      if (node === undefined) return;
      const id = this.#ids[node];
      if (id !== undefined) found(at + 1, id);
    }
  }
}
