import { z } from 'zod';
import { levels } from '../../spec/component.ts';
import { isName, spec, type Name } from '../../spec/index.ts';
import { keptInput } from '../sizes/kept.ts';
import { figure } from '../judging/figure.ts';

/** What a file of the corpus holds: an input that an implementation failed on, and what was wrong with its answer then. */
export const corpusSchema = z
  .strictObject({
    corpus: z.literal(1, { error: 'expected 1: this version reads no other form' }),
    version: z.string().describe('the version of touchstone that wrote it'),
    implementation: z.string().describe('what failed on it'),
    invocation: z
      .union([
        z.strictObject({ implementation: z.string() }),
        z.strictObject({ adapter: z.string() }),
      ])
      .describe('what starts it again'),
    component: z
      .custom<Name>((value) => typeof value === 'string' && isName(value), {
        error: 'expected the name of a component',
      })
      .meta({ type: 'string', description: 'the component' }),
    level: z.enum(levels),
    kind: z.enum(['vector', 'generated', 'law', 'invalid']),
    law: z.string().optional().describe('the law, or what is wrong with the invalid input'),
    message: z.string(),
    at: z.string().optional(),
    expected: z.unknown().optional(),
    actual: z.unknown().optional(),
    error: figure.optional(),
    bound: figure.optional(),
    input: z
      .unknown()
      .describe('tensors with their elements as a list; numbers that JSON lacks by name'),
  })
  .superRefine(({ component, kind, law = '', input }, context) => {
    const problem = isName(component)
      ? problemOf(component, { kind, title: law, input })
      : undefined;
    if (problem !== undefined) context.addIssue({ code: 'custom', ...problem });
  });

/** A case of the corpus, and the file that it is from. */
export type CorpusCase = z.infer<typeof corpusSchema> & { readonly file: string };

interface Asked {
  readonly kind: string;
  readonly title: string;
  readonly input: unknown;
}

/** Why a case says nothing any more: components change. */
function problemOf(
  name: Name,
  { kind, title, input }: Asked,
): { readonly path: string[]; readonly message: string } | undefined {
  const known = Object.keys(spec[name].laws).concat(Object.keys(spec[name].trials ?? {}));
  if (kind === 'law' && !known.includes(title))
    return { path: ['law'], message: `${name} has no law '${title}' any more` };
  const read = tensorsOf(name, input);
  if ('problem' in read) return { path: ['input'], message: read.problem };
  const parsed = spec[name].input.safeParse(read.input);
  if (kind === 'invalid')
    return parsed.success
      ? { path: ['input'], message: `it is a valid input of ${name} now` }
      : undefined;
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  return { path: ['input', place], message: `no input of ${name}: ${issue?.message ?? ''}` };
}

function tensorsOf(
  name: Name,
  input: unknown,
): { readonly input: unknown } | { readonly problem: string } {
  try {
    return { input: keptInput(name, input) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The JSON Schema of a file of the corpus. */
export const corpusJsonSchema = (): object => ({
  ...z.toJSONSchema(corpusSchema, { unrepresentable: 'any' }),
  title: 'A case of the corpus of touchstone, version 1',
});
