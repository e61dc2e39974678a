import { leastOf } from '../../spec/extremes.ts';
import { tensor } from '../../spec/tensor.ts';
import { subjects } from './judgingSubjects.ts';

/** What a process of its own says of one subject: seconds of the processor, and the most memory that it held. */
const [, , name = '', accumulate] = process.argv;
const subject = subjects.get(name)?.();
if (subject === undefined) throw new Error(`no subject is named ${name}`);

function cpuSeconds(body: () => void): number {
  const before = process.cpuUsage();
  body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const { plain, verdict, shape } = subject;
const answer = tensor('float32', shape, plain());
const times = Array.from({ length: 3 }, () => cpuSeconds(plain));
const megabytes = (): number => process.resourceUsage().maxRSS / 1024;
const before = megabytes();
let status = '';
const judging = cpuSeconds(() => {
  status = verdict(answer, accumulate === 'float64' ? { accumulate: 'float64' } : {});
});
if (status !== 'pass') throw new Error(`${name}: an honest answer is judged: ${status}`);
console.log(JSON.stringify({ judging, plain: leastOf(times), before, memory: megabytes() }));
