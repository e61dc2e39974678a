// Offers much and does nothing.
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const { id, call } = JSON.parse(line);
  const components = { softmax: {}, topK: {} };
  const answer =
    call === 'hello' ? { name: 'lazy', version: '1', components } : { unsupported: 'not today' };
  process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
}
