import { readFileSync } from 'node:fs';
import { inPackage } from '../root.ts';

/** As package.json has it. */
export function version(): string {
  const about: unknown = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));
  return typeof about === 'object' && about !== null && 'version' in about
    ? String(about.version)
    : 'unknown';
}
