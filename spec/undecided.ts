/** Thrown where what is known of a number is too little to decide a question, or to compute a bound from: ask again with more digits. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}
