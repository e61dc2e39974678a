import { isDeepStrictEqual } from 'node:util';
import { isTensor } from '../../spec/schema.ts';
import type { DeclaredNumerics } from '../../spec/numerics.ts';
import { numericsSchema } from '../../spec/numerics.ts';
import type { Failed, Verdict, WrongElement } from '../judging/verdict.ts';
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
    .map((entry) => ({ entry, isRight: rightFor(entry, one, declared) }));
  const described = new Map<KnownFailure, Failed>();
  for (const wrong of elementsOf(verdict)) {
    const found = candidates.find(
      ({ entry, isRight }) =>
        describes(entry, wrong) &&
        holdsOfInput(entry.when.input ?? {}, one.input, wrong.at.field) &&
        isRight(wrong),
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
    (when.message === undefined ||
      [when.message].flat().some((part) => wrong.message.includes(part))) &&
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

type Conditions = NonNullable<KnownFailure['when']['input']>;

/** Every field has a value of which all its conditions hold. `=` in its path is the place that a failing field's path names first. */
function holdsOfInput(conditions: Conditions, input: object, failing: string): boolean {
  const place = failing.split('.').find((step) => /^\d+$/.test(step)) ?? '';
  return Object.entries(conditions).every(([path, condition]) =>
    valuesAt(
      input,
      path.split('.').map((step) => (step === '=' ? place : step)),
    ).some((value) => holdsOf(condition, value)),
  );
}

function holdsOf(
  { element, magnitude, size, text, contains, shape, repeats }: Conditions[string],
  value: unknown,
): boolean {
  const elements = elementsOfField(value);
  return (
    (size === undefined || elements.length === size) &&
    (element === undefined || elements.some((x) => isIn(element, x))) &&
    (magnitude === undefined || elements.some((x) => isIn(magnitude, Math.abs(x)))) &&
    (text === undefined || value === text) &&
    (contains === undefined || [contains].flat().some((part) => hasPart(value, part))) &&
    (shape === undefined || (isTensor(value) && isDeepStrictEqual([...value.shape], shape))) &&
    (repeats === undefined || (Array.isArray(value) && hasTwice(value) === repeats))
  );
}

const hasPart = (value: unknown, part: string): boolean =>
  typeof value === 'string' && value.includes(part);

/** Numbers, texts, or lists of them. */
const hasTwice = (items: readonly unknown[]): boolean =>
  new Set(items.map((item) => JSON.stringify(item))).size < items.length;

/** What stands at a path, for each item of a list where it says `*`. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[]): readonly unknown[] {
  if (step === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*')
    return Array.isArray(value) ? value.flatMap((item: unknown) => valuesAt(item, rest)) : [];
  const field: unknown = new Map<string, unknown>(Object.entries(value)).get(step);
  return valuesAt(field, rest);
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
