import { existsSync, readFileSync, statSync } from 'node:fs';
import { knownFailuresSchema, type KnownFailure } from '../known/schema.ts';
import { shippedKnownFailures } from '../implementations/index.ts';
import type { Invocation } from './select.ts';
import { UsageError } from './usage.ts';

const mostBytes = 16 * 2 ** 20;

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
  const parsed = knownFailuresSchema.safeParse(parse(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') || 'the file';
  throw new Error(
    `${path}: expected known failures as known-failures.schema.json describes them, got something else at ${place}: ${issue?.message ?? 'malformed'}`,
  );
}

function parse(path: string): unknown {
  try {
    const { size } = statSync(path);
    if (size > mostBytes) throw new RangeError(`expected at most ${mostBytes} bytes, got ${size}`);
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(
      `${path} could not be read: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
