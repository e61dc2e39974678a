import { open, type FileHandle } from 'node:fs/promises';
import type { Source } from './layout.ts';
import { MalformedFile } from './malformedFile.ts';

const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split(', ')[0] ?? '';

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new MalformedFile(`${path}: could not be read: ${reason(error)}`);
  }
}

/**
 * What is done with an open file, which is closed behind it.
 *
 * @throws MalformedFile where there is none, or something that is no file
 */
export async function withSource<T>(
  path: string,
  tensor: string | undefined,
  body: (source: Source) => Promise<T>,
): Promise<T> {
  const handle = await opened(path);
  try {
    const status = await handle.stat();
    if (!status.isFile())
      throw new MalformedFile(`${path}: expected a file, got a folder, a pipe or a device`);
    return await body({ path, tensor, handle, size: status.size });
  } finally {
    await handle.close();
  }
}
