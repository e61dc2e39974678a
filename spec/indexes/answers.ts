import type { Misplaced, Part } from '../component.ts';

const present = (answer: object): readonly string[] =>
  Object.entries(answer)
    .filter(([, value]) => value !== undefined)
    .map(([field]) => field);

/** What is wrong with the fields of an answer to an action that has to be rejected, or to be answered with these, or nothing. */
function formRefusal(
  rejection: string | undefined,
  expected: readonly string[],
  answer: { readonly rejected?: string | undefined },
): string | undefined {
  if (rejection !== undefined)
    return answer.rejected === undefined ? `expected a rejection (${rejection})` : undefined;
  if (answer.rejected !== undefined) return `rejected a valid call: ${answer.rejected}`;
  const got = present(answer);
  const same = expected.length === got.length && expected.every((field) => got.includes(field));
  const named = (names: readonly string[]) => (names.length === 0 ? 'nothing' : names.join(', '));
  return same ? undefined : `expected ${named(expected)}, got ${named(got)}`;
}

/** An action of a script, and why it has to be rejected, if it has to. */
interface Step {
  readonly request: { readonly action: string };
  readonly rejection?: string | undefined;
}

interface Answer {
  readonly rejected?: string | undefined;
  readonly unsupported?: string | undefined;
}

/**
 * Why the answers to a script are none that a sound implementation can give, or nothing. Each has the fields that the answer to its action has
 * (`forms`), or rejects what has to be rejected; `refusal` says what else is wrong with one that was carried out. What that counts itself, with
 * `judged`, is not counted as something that always holds besides.
 */
export function answersRefusal<S extends Step, A extends Answer>(
  steps: readonly S[],
  answers: readonly A[],
  forms: Readonly<Record<string, readonly string[]>>,
  {
    refusal,
    judged,
    countsItself,
  }: {
    readonly refusal: (step: S, answer: A) => string | undefined;
    readonly judged: ((part: Part) => void) | undefined;
    readonly countsItself: (step: S) => boolean;
  },
): Misplaced | string | undefined {
  if (steps.length !== answers.length)
    return `expected an answer to each of ${steps.length} actions, got ${answers.length}`;
  for (const [i, step] of steps.entries()) {
    const answer = answers[i];
    if (answer === undefined) continue;
    const { request, rejection } = step;
    if (answer.unsupported !== undefined) {
      judged?.('unsupported');
      continue;
    }
    const malformed = formRefusal(rejection, forms[request.action] ?? [], answer);
    const problem =
      malformed !== undefined
        ? `always: ${malformed}`
        : rejection === undefined
          ? refusal(step, answer)
          : undefined;
    if (problem !== undefined)
      return { at: `answers.${i}`, message: `${request.action}: ${problem}` };
    if (rejection !== undefined || !countsItself(step)) judged?.('always');
  }
  return undefined;
}
