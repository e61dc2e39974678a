import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** Groups that die with this process. One set of handlers serves them all, and is gone when there are none. */
const groups = new Set<number>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let watch: (pid: number, lives: boolean) => void = () => {};

/**
 * Runs a command through the shell in a process group of its own, so that `killGroup` reaches its children and theirs.
 * A descendant that leaves the group (setsid) is out of reach. POSIX only.
 */
export function spawnGroup(command: string): ChildProcessWithoutNullStreams {
  const child = spawn(command, { shell: true, detached: true, stdio: 'pipe' });
  if (child.pid !== undefined) adoptGroup(child.pid);
  return child;
}

/** A group that a thread of this process started: it dies with the process too. */
export function adoptGroup(pid: number): void {
  if (groups.size === 0) listen();
  groups.add(pid);
  watch(pid, true);
}

/** Calls back for every group that starts or is over: a thread that is ended from outside cannot kill its own. */
export function watchGroups(onChange: (pid: number, lives: boolean) => void): void {
  watch = onChange;
}

/** Kills whatever is left of a group. There may be nothing: its leader may have ended long ago. */
export function killGroup({ pid }: { readonly pid?: number | undefined }): void {
  if (pid !== undefined && groups.has(pid)) kill(pid);
}

/** After this the number may mean another group, and is never signalled again. */
export function forgetGroup({ pid }: { readonly pid?: number | undefined }): void {
  if (pid === undefined || !groups.delete(pid)) return;
  watch(pid, false);
  if (groups.size === 0) stopListening();
}

function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left; EPERM (macOS): only zombies are.
  }
}

function killAll(): void {
  for (const pid of groups) kill(pid);
}

/** Dies of the signal as it would have without us, unless somebody else listens: then that is theirs to decide. */
function onSignal(signal: NodeJS.Signals): void {
  killAll();
  if (process.listenerCount(signal) > 1) return;
  stopListening();
  process.kill(process.pid, signal);
}

function listen(): void {
  process.on('exit', killAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function stopListening(): void {
  process.off('exit', killAll);
  for (const signal of signals) process.off(signal, onSignal);
}
