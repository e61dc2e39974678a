import { existsSync } from 'node:fs';
import { knownFailuresSchema, type KnownFailure } from '../known/schema.ts';
import { readJson } from '../report/read.ts';
import { shippedKnownFailures } from '../implementations/index.ts';
import type { Invocation } from './select.ts';
import { UsageError } from './usage.ts';

/**
 * The known failures that are asked for by a file's path; otherwise those that are shipped with an implementation.
 *
 * @throws UsageError where the file is none; Error where a shipped one is
 */
export function knownFailuresOf(
  path: string | undefined,
  invocation: Invocation,
): readonly KnownFailure[] {
  if (path !== undefined) return asked(path);
  const shipped =
    'implementation' in invocation ? shippedKnownFailures(invocation.implementation) : undefined;
  return shipped !== undefined && existsSync(shipped) ? readKnownFailures(shipped) : [];
}

function asked(path: string): readonly KnownFailure[] {
  try {
    return readKnownFailures(path);
  } catch (error) {
    throw new UsageError(
      `--known-failures: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * Reads a file of known failures.
 *
 * @throws Error that says where it is malformed
 */
export function readKnownFailures(path: string): readonly KnownFailure[] {
  const parsed = knownFailuresSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') || 'the file';
  throw new Error(
    `${path}: expected known failures as known-failures.schema.json describes them, got something else at ${place}: ${issue?.message ?? 'malformed'}`,
  );
}
