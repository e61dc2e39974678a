import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { run } from '../../conformance/cli/run.ts';

export interface Called {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly stdin?: string | readonly (string | Uint8Array)[];
  readonly isTTY?: boolean;
  readonly corpus?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly unread?: () => boolean;
}

/** Runs a command line in this process. */
export async function call(
  argv: readonly string[],
  {
    stdin = '',
    isTTY = false,
    corpus = 'none',
    env = {},
    signal = new AbortController().signal,
    unread = () => false,
  }: Surroundings = {},
): Promise<Called> {
  const written = { stdout: '', stderr: '' };
  const sink = (stream: keyof typeof written) => ({
    isTTY,
    columns: 80,
    write: (text: string) => {
      written[stream] += text;
    },
  });
  async function* input() {
    yield* typeof stdin === 'string' ? [stdin] : stdin;
  }
  const status = await run(argv, {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    stdin: input(),
    corpus,
    env,
    signal,
    drained: async () => {},
    unread,
  });
  return { status, ...written };
}

const folders: string[] = [];

/** A folder that is gone when the file's tests are over. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
