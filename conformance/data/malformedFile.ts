/** A file that does not hold what it should. The message says which, where, what was expected, what came, and what to do. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';
}
