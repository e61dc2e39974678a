import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { isName, type Name } from '../../spec/index.ts';
import type { ComponentReport, Report } from './report.ts';
import { installedReportSchema, reportSchema } from './schema.ts';

const mostBytes = 64 * 2 ** 20;

/**
 * Reads a file of JSON.
 *
 * @throws Error that says why it could not be read
 */
export function readJson(path: string): unknown {
  try {
    const { size } = statSync(path);
    if (size > mostBytes) throw new RangeError(`expected at most ${mostBytes} bytes, got ${size}`);
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} could not be read: ${reason}`, { cause: error });
  }
}

/**
 * Reads the report of one implementation.
 *
 * @throws Error that says where it is malformed
 */
export function readReport(path: string): Report {
  const value = readJson(path);
  if (installedReportSchema.safeParse(value).success)
    throw new Error(`${path}: expected a report of one implementation, got one of --all-installed`);
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return reportOf(parsed.data, path);
  const [issue] = parsed.error.issues;
  throw new Error(
    `${path}: expected a report of touchstone check, got something else at ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'malformed'}`,
  );
}

function reportOf(data: z.infer<typeof reportSchema>, path: string): Report {
  const components: Partial<Record<Name, ComponentReport>> = {};
  for (const [name, { levels, laws, ...rest }] of Object.entries(data.components)) {
    if (!isName(name)) throw new Error(`${path}: no component is named ${name}`);
    if (levels === undefined || laws === undefined)
      throw new Error(`${path}: ${name}: a report of an older version: make it again`);
    components[name] = { ...rest, levels, laws };
  }
  return { ...data, components };
}
