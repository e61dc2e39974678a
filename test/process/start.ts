import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { startProcess } from '../../conformance/implementations/process/index.ts';

const fake = (name: string): string => fileURLToPath(new URL(`fakes/${name}.mjs`, import.meta.url));
const quoted = (text: string): string => `'${text.replaceAll("'", () => `'\\''`)}'`;

export const commandOf = (name: string, ...args: readonly string[]): string =>
  ['node', fake(name), ...args].map(quoted).join(' ');

type Started = Awaited<ReturnType<typeof startProcess>>;
const started: Started[] = [];

/** Starts a command; closed when the test is over. */
export async function start(
  command: string,
  settings?: Parameters<typeof startProcess>[1],
): Promise<Started> {
  const implementation = await startProcess(command, settings);
  started.push(implementation);
  return implementation;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((implementation) => implementation.close()));
});
