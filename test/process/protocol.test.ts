import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  answerSchemas,
  helloSchema,
  isHello,
  protocolJsonSchema,
  requestSchema,
} from '../../conformance/interface/protocol.ts';

const published = z.object({
  $schema: z.string(),
  anyOf: z.array(z.object({ $ref: z.string() })),
  $defs: z.record(z.string(), z.unknown()),
});
const vector = { dtype: 'float32', shape: [2], data: 'AACAPwAAAMA=' };

describe('the protocol', () => {
  it('is published as a JSON Schema whose references all resolve', () => {
    const schema = published.parse(protocolJsonSchema());
    const references = [...JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(references).toEqual(
      expect.arrayContaining(['request', 'answer', 'offer', 'helloAnswer', 'runAnswer']),
    );
    for (const name of references) expect(Object.keys(schema.$defs)).toContain(name);
    expect(Object.keys(schema.$defs)).toEqual(expect.arrayContaining(['tensor', 'number']));
  });

  it('requires of hello no more than a name, a version and components', () => {
    expect(isHello({ id: 0, name: 'n', version: '1', components: { softmax: {} } })).toBe(true);
    for (const field of ['id', 'name', 'version', 'components']) {
      const whole = { id: 0, name: 'n', version: '1', components: {} };
      const part = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== field));
      expect(helloSchema.safeParse(part).error?.issues.map(({ path }) => path)).toEqual([[field]]);
    }
  });

  it('accepts the requests and answers of its document', () => {
    for (const request of [
      { id: 0, call: 'hello', touchstone: 1 },
      { id: 1, call: 'run', component: 'softmax', input: { logits: vector } },
      { id: 2, call: 'open', component: 'hnswIndex', input: { dimension: 3 } },
      { id: 3, call: 'do', session: '1', action: 'add', input: { ids: [4, 9] } },
      { id: 4, call: 'close', session: '1' },
    ])
      expect(requestSchema.safeParse(request).error).toBeUndefined();
    expect(
      answerSchemas.run.safeParse({ id: 1, output: { probabilities: vector } }).error,
    ).toBeUndefined();
    expect(answerSchemas.open.safeParse({ id: 2, session: '1' }).error).toBeUndefined();
    expect(answerSchemas.close.safeParse({ id: 4 }).error).toBeUndefined();
  });

  it('has no request with an answer in it', () => {
    const leaking = { id: 1, call: 'run', component: 'softmax', input: {}, expected: {} };
    expect(requestSchema.safeParse(leaking).success).toBe(false);
  });
});
