import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { numericsSchema } from '../../spec/numerics.ts';
import type { Failed, Verdict, WrongElement } from '../verdict.ts';
import { elementsOfField, type KnownFailure, type Range } from './schema.ts';

/** A case that went wrong, and how its answer is judged for whoever declares something else. */
export interface Case {
  readonly kind: KnownFailure['kind'];
  readonly title: string;
  readonly input: object;
  readonly rejudge?: (numerics: DeclaredNumerics) => Verdict;
}

/**
 * A verdict without what is known: 'known' where an entry describes every element that is wrong, otherwise the failure at the first that none
 * describes. An answer that is refused for its discrete part or its form is one thing: nothing more of it was judged.
 */
export function withoutKnown(
  entries: readonly KnownFailure[],
  one: Case,
  declared: DeclaredNumerics,
  verdict: Verdict,
): Verdict {
  if (verdict.status !== 'fail' || entries.length === 0) return verdict;
  const candidates = entries
    .filter(({ kind, title }) => kind === one.kind && (title ?? '') === one.title)
    .filter(({ when }) => holdsOfInput(when.input ?? {}, one.input))
    .map((entry) => ({ entry, isRight: rightFor(entry, one, declared) }));
  const described = new Map<KnownFailure, Failed>();
  for (const wrong of elementsOf(verdict)) {
    const found = candidates.find(
      ({ entry, isRight }) => describes(entry, wrong) && isRight(wrong),
    );
    if (found === undefined) return wrong;
    if (!described.has(found.entry)) described.set(found.entry, wrong);
  }
  return {
    status: 'known',
    described: [...described].map(([entry, failure]) => ({ entry, failure })),
  };
}

/** A failure as one of each element that is wrong. */
const elementsOf = ({ elements, ...verdict }: Failed): readonly Failed[] =>
  elements?.map((element) => ({ status: 'fail', ...element })) ?? [verdict];

function describes({ field = '', when }: KnownFailure, wrong: Failed): boolean {
  return (
    isPart(wrong.at.field, field) &&
    (when.message === undefined || wrong.message.includes(when.message)) &&
    isIn(when.expected, wrong.expected) &&
    isIn(when.actual, wrong.actual) &&
    isIn(when.error, wrong.error)
  );
}

/** A field of a field, or an item of a list, is a part of it. */
const isPart = (path: string, field: string): boolean =>
  path === field || (field !== '' && path.startsWith(`${field}.`));

function isIn(range: Range | undefined, value: unknown): boolean {
  if (range === undefined) return true;
  if (typeof value !== 'number') return false;
  if (!Array.isArray(range)) return value === Number(range) || Object.is(value, Number(range));
  return value >= Number(range[0]) && value <= Number(range[1]);
}

function holdsOfInput(
  conditions: NonNullable<KnownFailure['when']['input']>,
  input: object,
): boolean {
  const fields = new Map<string, unknown>(Object.entries(input));
  return Object.entries(conditions).every(([field, { element, magnitude, size }]) => {
    const elements = elementsOfField(fields.get(field));
    return (
      fields.get(field) !== undefined &&
      (size === undefined || elements.length === size) &&
      (element === undefined || elements.some((x) => isIn(element, x))) &&
      (magnitude === undefined || elements.some((x) => isIn(magnitude, Math.abs(x))))
    );
  });
}

const placeOf = ({ at }: WrongElement): string => JSON.stringify(at);

/** Whether an element is right under the numerics of an entry; every one where it names none. */
function rightFor(
  { when: { numerics } }: KnownFailure,
  { rejudge }: Case,
  declared: DeclaredNumerics,
): (wrong: Failed) => boolean {
  if (numerics === undefined) return () => true;
  if (rejudge === undefined) return () => false;
  const verdict = rejudge(merged(declared, numerics));
  if (verdict.status === 'pass') return () => true;
  const stillWrong = verdict.status === 'fail' ? verdict.elements : undefined;
  if (stillWrong === undefined) return () => false;
  const places = new Set(stillWrong.map(placeOf));
  return ({ at, actual, expected, message }) =>
    !places.has(placeOf({ at, actual, expected, message }));
}

const merged = (declared: DeclaredNumerics, numerics: object): DeclaredNumerics => {
  const more = numericsSchema.partial().parse(numerics);
  return numericsSchema.parse({
    ...declared,
    ...numerics,
    algorithm: { ...declared.algorithm, ...more.algorithm },
    intermediates: { ...declared.intermediates, ...more.intermediates },
  });
};
