// What every fake needs: it reads requests and says lines. Not under test itself.
import { createInterface } from 'node:readline';

export const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
export const hello = { name: 'fake', version: '1', components: { softmax: {} } };

/** Answers hello, and everything else as told. */
export async function adapt(answer, greeting = hello) {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (request.call === 'hello') say({ id: request.id, ...greeting });
    else answer(request);
  }
}
