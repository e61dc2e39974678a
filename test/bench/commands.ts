import { greatestOf, leastOf } from '../../spec/extremes.ts';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Measure } from './measure.ts';

const probe = `import('node:process').then(({ default: p }) => p.on('exit', () => console.error('CPU', (p.cpuUsage().user + p.cpuUsage().system) / 1e6)))`;

/** A command as a whole process: seconds on the clock, and of all cores together. */
function run(root: string, ...args: readonly string[]) {
  const watch = `data:text/javascript,${encodeURIComponent(probe)}`;
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', watch, join(root, 'dist/bundle/main.js'), ...args],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const wall = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}: ${stderr}`);
  return { wall, cpu: Number(/CPU ([\d.]+)/.exec(stderr)?.[1]) };
}

const leastCpu = (root: string, ...args: readonly string[]): number =>
  leastOf(Array.from({ length: 5 }, () => run(root, ...args).cpu));

/** Short commands, which are mostly loading, and what a second thread is worth: in turn, as the machine's speed drifts. */
export function commandMeasures(root: string): readonly Measure[] {
  const few = ['check', 'softmax', '--runs', '1', '--level', 'core,edge', '--corpus', 'none'];
  const [list, check] = [leastCpu(root, 'list'), leastCpu(root, ...few)];
  const most = ['check', '--level', 'core,edge', '--corpus', 'none', '--jobs'];
  const pairs = [1, 2].map(() => [run(root, ...most, '2'), run(root, ...most, '1')] as const);
  const gain = greatestOf(pairs.map(([two, one]) => one.wall / two.wall));
  const cpu = leastOf(pairs.map(([, one]) => one.cpu));
  return [
    { what: 'list', value: list, unit: 's', limit: '≤ 0.25 s', holds: list <= 0.25 },
    {
      what: 'check softmax --runs 1',
      value: check,
      unit: 's',
      limit: '≤ 0.6 s',
      holds: check <= 0.6,
    },
    { what: 'check at core and edge', value: cpu, unit: 's', limit: '≤ 90 s', holds: cpu <= 90 },
    { what: 'two jobs against one', value: gain, unit: '×', limit: '≥ 1.8 ×', holds: gain >= 1.8 },
  ];
}
