// Says hello in the way that it is told to: the text of its first argument, or one of these.
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { hello, say } from './adapter.mjs';

const [how, detail] = process.argv.slice(2);
const ways = {
  exit: () => {
    console.error('libcuda.so: not found');
    process.exit(1);
  },
  silent: () => {},
  slow: () => setTimeout(() => say({ id: 0, ...hello }), Number(detail)),
  banner: () => {
    console.log('Welcome to fake 1.0');
    say({ id: 0, ...hello });
  },
  error: () => say({ id: 0, error: 'no device' }),
  text: () => say({ id: 0, ...JSON.parse(detail) }),
  onceOnly: () => {
    if (existsSync(detail)) process.exit(7);
    writeFileSync(detail, '');
    say({ id: 0, ...hello });
  },
  otherwise: () => {
    const components = existsSync(detail) ? { softmax: { limits: { V: 1 } } } : hello.components;
    writeFileSync(detail, '');
    say({ id: 0, ...hello, components });
  },
};
let greeted = false;
for await (const _ of createInterface({ input: process.stdin })) {
  if (greeted) process.exit(9);
  greeted = true;
  ways[how]();
}
