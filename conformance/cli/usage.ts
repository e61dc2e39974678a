/** A mistake in how the program was called: exit status 2. The message says where, what was expected, what was got, and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
