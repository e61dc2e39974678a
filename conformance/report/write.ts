import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** 'ENOENT: no such file or directory', without the call and the path that follow. */
const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split(', ')[0] ?? '';

/** The file that a path leads to, links followed: renaming would replace a link. What is no file (/dev/stdout, into a pipe) stays as it is. */
const target = (path: string): string =>
  existsSync(path) && statSync(path).isFile() ? realpathSync(path) : path;

const beside = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}.part`);

/** A device or a pipe is written to as it is: renaming a file over /dev/null would do away with it. */
export const isSpecial = (path: string): boolean => existsSync(path) && !statSync(path).isFile();

/** Why a file could not be written at a path, or nothing; leaves nothing behind. */
export function unwritable(path: string): string | undefined {
  try {
    const file = target(path);
    if (existsSync(file) && statSync(file).isDirectory()) return 'it is a folder';
    if (existsSync(file)) accessSync(file, constants.W_OK);
    if (isSpecial(file)) return undefined;
    const part = beside(file);
    closeSync(openSync(part, 'w'));
    rmSync(part);
    return undefined;
  } catch (error) {
    return reason(error);
  }
}

/** Writes a file beside the path and renames it there, so that nobody ever finds half of it. */
export function writeWhole(path: string, text: string | Uint8Array): void {
  const file = target(path);
  if (isSpecial(file)) return writeFileSync(file, text);
  const part = beside(file);
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
