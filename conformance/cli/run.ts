import { setTimeout as delay } from 'node:timers/promises';
import { commands } from './commands.ts';
import { commandHelp, generalHelp } from './help.ts';
import { exitStatus, type Io } from './io.ts';
import { readArguments } from './values.ts';
import { suggestion } from '../../spec/nearest.ts';
import { UsageError } from './usage.ts';
import { version } from './version.ts';

/** How long what was started gets to close after an interrupt. */
const closingMilliseconds = 2000;

/** Runs one command line, and returns its exit status. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const running = dispatch(argv, io).catch((error: unknown) => statusOf(error, io));
  const interrupted = new Promise<number>((resolve) => {
    io.signal.addEventListener(
      'abort',
      () => {
        const late = delay(closingMilliseconds, undefined, { ref: false });
        void Promise.race([running, late]).then(() => {
          io.stderr.write(
            `${io.stderr.isTTY === true ? '\r\u001b[2K' : ''}touchstone: interrupted\n`,
          );
          resolve(exitStatus.interrupted);
        });
      },
      { once: true },
    );
  });
  const status = await Promise.race([running, interrupted]);
  return io.signal.aborted ? interrupted : status;
}

function statusOf(error: unknown, io: Io): number {
  if (io.signal.aborted) return exitStatus.interrupted;
  if (error instanceof UsageError) return say(io, error.message, exitStatus.usage);
  if (error instanceof Error && error.name === 'AdapterBroken')
    return say(io, error.message, exitStatus.broken);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return say(io, `the suite itself is broken, please report it:\n${text}`, exitStatus.broken);
}

function say({ stderr }: Io, message: string, status: number): number {
  stderr.write(`touchstone: ${message}\n`);
  return status;
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<number> {
  if (name === undefined) {
    io.stderr.write(generalHelp(io.stderr.columns));
    return exitStatus.usage;
  }
  if (name === '--version' || name === '-v') return print(io, `${version()}\n`);
  if (name === 'help' || name === '--help' || name === '-h') return help(rest, io);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(unknownCommand(name));
  if (rest.includes('--help') || rest.includes('-h')) return help([name], io);
  const call = readArguments(name, command, rest);
  return (await command.load())(call, io);
}

const unknownCommand = (name: string): string => {
  const known = Object.keys(commands);
  return `expected a command (${known.join(', ')}), got ${name}; ${suggestion(name, known, 'see touchstone --help')}`;
};

function help([name]: readonly string[], io: Io): number {
  if (name === undefined) return print(io, generalHelp(io.stdout.columns));
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`help: ${unknownCommand(name)}`);
  return print(io, commandHelp(command, io.stdout.columns));
}

function print({ stdout }: Io, text: string): number {
  stdout.write(text);
  return exitStatus.passed;
}
