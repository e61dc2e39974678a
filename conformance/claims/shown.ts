import type { Said } from './claim.ts';
import type { Decided, Read } from './decide.ts';
import type { Item, Items } from './expression.ts';
import { roundedLike, toFixed } from './rational.ts';

/** Two digits more than a claim prints say why it is refuted. */
const extraPlaces = 2;

const placesIn = (printed: string): number => /\.(\d+)/.exec(printed)?.[1]?.length ?? 0;
const grouped = (digits: string): string =>
  digits.replace(/^-?\d{5,}/, (whole) => whole.replaceAll(/\B(?=(\d{3})+$)/g, ','));

/** A value as a person reads it: words as they are, numbers with two places more than the claim's. */
function itemText(item: Item, printed: string): string {
  if (typeof item === 'string') return item;
  const text = toFixed(item, placesIn(printed) + extraPlaces);
  return grouped(text.replace(/\.?0+$/, '')).replace(/^-?$/, '0');
}

/** How each item of a value is claimed to be printed. */
const printedLike = (said: Said, index: number): string =>
  'numbers' in said ? (said.numbers[index] ?? '0') : 'from' in said ? '0.00' : '0';

const listed = (texts: readonly string[]): string =>
  texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;

export const itemsText = (said: Said, items: Items): string =>
  listed(items.map((item, i) => itemText(item, printedLike(said, i))));

/** A value rounded as the claim prints it: what it should have said. */
export const correction = (said: Said, items: Items): readonly string[] =>
  items.map((item, i) =>
    typeof item === 'string' ? item : roundedLike(item, printedLike(said, i)),
  );

export const saidText = (said: Said): string => {
  if ('numbers' in said) return listed(said.numbers);
  if ('words' in said) return listed(said.words);
  return said.to === undefined ? `${said.from} or more` : `${said.from} to ${said.to}`;
};

/** A line for each reading: its value, and how the claim is read where that makes a difference. */
export const readingTexts = ({ claim, readings }: Decided): readonly string[] =>
  readings.map(({ when, items }: Read) =>
    when === '' ? itemsText(claim.said, items) : `${when}: ${itemsText(claim.said, items)}`,
  );

/** The components that were asked, each once. */
export const componentsIn = ({ questions }: Decided): readonly string[] => [
  ...new Set(questions.map(({ component }) => component)),
];
