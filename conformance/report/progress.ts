import type { Sink } from '../cli/io.ts';
import { widthOf } from '../cli/text.ts';

/** A line that shows how far a run is, and goes away. Only on a terminal. */
export interface Progress {
  readonly show: (done: number, label: string) => void;
  readonly clear: () => void;
}

const silent: Progress = { show: () => {}, clear: () => {} };
const barWidth = 24;
const millisecondsBetween = 80;

/** ██████░░░░  37 %  softmax  12 s: 72 columns at most, and no more than the terminal has. */
export function progressOn(sink: Sink): Progress {
  if (sink.isTTY !== true) return silent;
  const started = performance.now();
  let last = -Infinity;
  return {
    show: (done, label) => {
      const now = performance.now();
      if (now - last < millisecondsBetween) return;
      last = now;
      const filled = Math.round(barWidth * Math.min(1, done));
      const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
      const percent = String(Math.floor(100 * Math.min(1, done))).padStart(3);
      const seconds = Math.floor((now - started) / 1000);
      const line = `${bar} ${percent} %  ${label}  ${seconds} s`;
      sink.write(`\r\u001b[2K${line.slice(0, Math.min(72, widthOf(sink.columns) - 1))}`);
    },
    clear: () => {
      if (last !== -Infinity) sink.write('\r\u001b[2K');
    },
  };
}

/** One line for all components of a run, however many are under way: the share that is done of all. */
export function sharedProgress(
  progress: Progress,
  components: number,
): {
  readonly at: (name: string, done: number) => void;
  /** Shows it again: time goes on. */
  readonly tick: () => void;
  readonly clear: () => void;
} {
  const shares = new Map<string, number>();
  let label = '';
  const tick = () => {
    let done = 0;
    for (const share of shares.values()) done += share;
    progress.show(done / components, label);
  };
  return {
    at: (name, done) => {
      shares.set(name, done);
      label = name;
      tick();
    },
    tick,
    clear: progress.clear,
  };
}
