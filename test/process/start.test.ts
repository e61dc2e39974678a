import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AdapterBroken, startProcess } from '../../conformance/implementations/process/index.ts';
import { commandOf, start } from './start.ts';

const hello = (fields: object): string =>
  commandOf(
    'hello',
    'text',
    JSON.stringify({ name: 'fake', version: '1', components: {}, ...fields }),
  );
const softmax = (offer: object): string => hello({ components: { softmax: offer } });

/** Commands that are no adapters, and what is said of them. */
const refused: Readonly<Record<string, readonly [command: string, reason: RegExp]>> = {
  'no such command': [
    'touchstone-no-such-command',
    /exited with status 127 \(the shell found no such command\)/,
  ],
  'a zero byte in the command': ['a\0b', /could not be started/],
  'an exit': [
    commandOf('hello', 'exit'),
    /exited with status 1\n.*stderr:\n {2}\| libcuda\.so: not found\nTry it by hand: echo/,
  ],
  'a command that ignores its input': ['true', /exited with status 0/],
  'a banner': [
    commandOf('hello', 'banner'),
    /got "Welcome to fake 1\.0"; logs and banners belong on stderr/,
  ],
  'an error': [commandOf('hello', 'error'), /error: no device/],
  'another version': [
    hello({ touchstone: 2 }),
    /touchstone: expected 1, the only version of the protocol, got 2/,
  ],
  'no name': [hello({ name: undefined }), /name: /],
  'an unknown field': [hello({ component: {} }), /"component"/],
  'a window of none': [hello({ window: 0 }), /window: /],
  'a malformed storage': [
    softmax({ numerics: { storage: 'float8' } }),
    /components\.softmax\.numerics\.storage: /,
  ],
  'an unknown numerics field': [
    softmax({ numerics: { sum: 'float32' } }),
    /components\.softmax\.numerics: .*"sum"/,
  ],
  'a misspelt numerics field': [
    softmax({ numerics: { acumulate: 'float32' } }),
    /numerics: no declaration is named "acumulate"; did you mean accumulate\?/,
  ],
  'a misspelt intermediate': [
    softmax({ numerics: { intermediates: { probabilites: 'bfloat16' } } }),
    /numerics\.intermediates: no intermediate is named "probabilites"; did you mean probabilities\?/,
  ],
  'a misspelt algorithm': [
    softmax({ numerics: { algorithm: { sofmax: 'shifted' } } }),
    /numerics\.algorithm: no algorithm is named "sofmax"; did you mean softmax\?/,
  ],
  'an algorithm that there is not': [
    softmax({ numerics: { algorithm: { variance: 'two-passes' } } }),
    /numerics\.algorithm\.variance: .*"two-pass"/,
  ],
  'a misspelt option': [
    softmax({ options: { emptyRows: ['zero'] } }),
    /got "emptyRows"; did you mean emptyRow\?/,
  ],
  'an unknown option': [
    softmax({ options: { boundary: ['include'] } }),
    /components\.softmax\.options\.boundary: expected one of its options \(emptyRow\)/,
  ],
  'an input that is no option': [
    softmax({ options: { logits: ['nan'] } }),
    /expected one of its options \(emptyRow\), got "logits"/,
  ],
  'an unknown value of an option': [
    softmax({ options: { emptyRow: ['nan', 'one'] } }),
    /expected values among nan, zero, got "one"/,
  ],
  'an option without a value': [
    softmax({ options: { emptyRow: [] } }),
    /components\.softmax\.options\.emptyRow: /,
  ],
  'a negative limit': [softmax({ limits: { V: -1 } }), /components\.softmax\.limits\.V: /],
};

async function refusal(command: string, startSeconds = 20): Promise<Error> {
  const problem: unknown = await startProcess(command, { startSeconds }).then(
    (implementation) => implementation.close(),
    (error: unknown) => error,
  );
  if (!(problem instanceof AdapterBroken))
    throw new Error(`expected an AdapterBroken, got ${String(problem)}`);
  return problem;
}

describe('an adapter is refused for', () => {
  for (const [what, [command, reason]] of Object.entries(refused))
    it(what, async () => {
      expect((await refusal(command)).message).toMatch(reason);
    });

  it('a start over the limit', async () => {
    expect((await refusal(commandOf('hello', 'silent'), 0.4)).message).toMatch(
      /expected one within 0\.4 s, got none/,
    );
  });
});

describe('an adapter is welcome', () => {
  it('with what it declares, and no default filled in', async () => {
    const offer = {
      numerics: { order: 'pairwise' },
      options: { emptyRow: ['zero'] },
      limits: { V: 256 },
      promises: {},
    };
    const adapter = await start(
      hello({ language: 'C', window: 3, touchstone: 1, components: { softmax: offer } }),
    );
    expect(adapter).toMatchObject({
      name: 'fake',
      version: '1',
      language: 'C',
      window: 3,
      warnings: [],
    });
    expect([...adapter.offers]).toEqual([['softmax', offer]]);
  });

  it('with one value of an option in place of a list', async () => {
    const adapter = await start(softmax({ options: { emptyRow: 'zero' } }));
    expect(adapter.offers.get('softmax')?.options).toEqual({ emptyRow: ['zero'] });
  });

  it('with nothing but a name, a version and a component', async () => {
    const adapter = await start(softmax({}));
    expect(adapter).not.toHaveProperty('language');
    expect(adapter.window).toBe(1);
    expect(adapter.offers.get('softmax')).toEqual({
      numerics: {},
      options: {},
      limits: {},
      promises: {},
    });
  });

  it('when it is slow, within the limit', async () => {
    const adapter = await start(commandOf('hello', 'slow', '300'), { startSeconds: 20 });
    expect(adapter.name).toBe('fake');
  });

  it('with components that the catalogue lacks, which are ignored aloud', async () => {
    const adapter = await start(
      hello({ components: { softmax: {}, softmux: {}, constructor: {} } }),
    );
    expect([...adapter.offers.keys()]).toEqual(['softmax']);
    expect(adapter.warnings).toEqual(
      ['softmux', 'constructor'].map(
        (name) => `hello offers "${name}", which is no component of the catalogue: ignored`,
      ),
    );
  });
});

describe('a second start', () => {
  const trace = () => join(mkdtempSync(join(tmpdir(), 'touchstone-')), 'started');

  it('that fails breaks the case', async () => {
    const adapter = await start(commandOf('hello', 'onceOnly', trace()));
    expect(await adapter.run('softmax', {}, 20)).toMatchObject({ phase: 'run' });
    expect(await adapter.run('softmax', {}, 20)).toEqual({
      broken: expect.stringMatching(/could not be started again.*status 7/),
      phase: 'start',
    });
  });

  it('that declares something else breaks the case', async () => {
    const adapter = await start(commandOf('hello', 'otherwise', trace()));
    await adapter.run('softmax', {}, 20);
    expect(await adapter.run('softmax', {}, 20)).toEqual({
      broken: expect.stringContaining('declared other components than at its first start'),
      phase: 'start',
    });
  });
});
