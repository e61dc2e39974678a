import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { call, scratch } from './call.ts';

/** What is odd about a module of kernels. */
interface Oddity {
  /** Every probability is off by this part of itself. */
  readonly off?: number;
  /** Wrong where a row has so many logits. */
  readonly wrongAt?: number;
  readonly numerics?: object;
  readonly dropsGreedy?: boolean;
  readonly name?: string;
}

const folder = scratch();
let made = 0;

/** The path of a module with a softmax and a greedyToken. */
function moduleOf({
  off = 0,
  wrongAt = -1,
  numerics = { accumulate: 'float64' },
  dropsGreedy = false,
  name = 'mine',
}: Oddity = {}): string {
  made += 1;
  const path = join(folder, `kernels-${made}.mjs`);
  writeFileSync(
    path,
    `
const rows = ({ shape, data }, map) => {
  const width = shape.at(-1);
  const out = [];
  for (let i = 0; i < data.length; i += width) out.push(map(Array.from(data.slice(i, i + width))));
  return out;
};
const softmax = ({ logits }) => {
  const found = rows(logits, (row) => {
    const best = Math.max(...row);
    const weights = row.map((x) => Math.exp(x - best));
    const total = weights.reduce((sum, w) => sum + w, 0);
    return weights.map((w) => row.length === ${wrongAt} ? 0.5 : (w / total) * (1 + ${off}));
  });
  const data = Float32Array.from(found.flat());
  return { probabilities: { dtype: logits.dtype, shape: logits.shape, data } };
};
const greedyToken = ({ logits }) => ({
  token: { dtype: 'int32', shape: logits.shape.slice(0, -1), data: Int32Array.from(rows(logits, (row) => row.indexOf(Math.max(...row)))) },
});
export default {
  name: ${JSON.stringify(name)},
  version: '${made}',
  entries: { softmax: { run: softmax, numerics: ${JSON.stringify(numerics)} }${dropsGreedy ? '' : ', greedyToken: { run: greedyToken }'} },
};
`,
  );
  return path;
}

const few = ['--runs', '20', '--seed', '7'];
const untimed = ['--against', 'none'];

/** Records a baseline, and returns its path. */
async function recorded(module: string, ...options: readonly string[]): Promise<string> {
  made += 1;
  const path = join(folder, `baseline-${made}.json`);
  const argv = ['baseline', '--implementation', module, '--output', path, ...few];
  const { status, stderr } = await call([...argv, ...(options.length > 0 ? options : untimed)]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return path;
}

const gated = (baseline: string, module: string, ...options: readonly string[]) =>
  call(['gate', '--baseline', baseline, '--implementation', module, ...options]);

describe('gate', () => {
  test('says that all is as recorded where nothing changed, of what was recorded unless another is named', async () => {
    const module = moduleOf();
    const baseline = await recorded(module);
    for (const { status, stdout } of [
      await gated(baseline, module),
      await call(['gate', '--baseline', baseline]),
      await gated(await recorded(module, 'softmax', ...untimed), module),
    ]) {
      expect(status).toBe(0);
      expect(stdout).toMatch(/(2 of 2|1 of 1) components as recorded\./);
      expect(stdout).not.toMatch(/worse|better|record it/);
    }
  });

  test('catches one more failing vector', async () => {
    const before = moduleOf({ wrongAt: 4 });
    const baseline = await recorded(before);
    expect((await gated(baseline, before)).status).toBe(0);
    const after = moduleOf({ wrongAt: 3 });
    const { status, stdout } = await gated(baseline, after);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^worse +softmax +failure: core vector '\S+': not there → there$/m);
    expect(stdout).toMatch(/replay +touchstone replay 'softmax\/core\/vector/);
  });

  test('catches worst used that is up by more than the slack, on the same inputs', async () => {
    const numerics = { accumulate: 'float32' };
    const baseline = await recorded(moduleOf({ numerics }));
    const worse = moduleOf({ numerics, off: 3e-7 });
    const { status, stdout } = await gated(baseline, worse);
    expect(status).toBe(1);
    const [, from = '', to = ''] =
      /^worse +softmax +worst used, core: (\S+) → (\S+)$/m.exec(stdout) ?? [];
    expect(Number(to)).toBeGreaterThan(Number(from) + 0.05);
    expect((await gated(baseline, worse, '--slack', '1')).status).toBe(0);
    const { status: fine, stdout: better } = await gated(
      await recorded(worse),
      moduleOf({ numerics }),
    );
    expect(fine).toBe(0);
    expect(better).toMatch(/^better +softmax +worst used, core: /m);
    expect(better).toMatch(
      /^To record it: touchstone baseline --implementation \S+ --output \S+ --force$/m,
    );
  });

  test('catches a component that is silently dropped', async () => {
    const { status, stdout } = await gated(
      await recorded(moduleOf()),
      moduleOf({ dropsGreedy: true }),
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/^worse +greedyToken +component: pass → not offered$/m);
  });

  test('catches a declaration that is loosened, and names one that is tightened', async () => {
    const tight = moduleOf({ numerics: { storage: 'float32', accumulate: 'float32' } });
    const loose = moduleOf({ numerics: { storage: 'bfloat16', accumulate: 'float32' } });
    const { status, stdout } = await gated(await recorded(tight), loose);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^worse +softmax +declared storage: float32 → bfloat16$/m);
    const back = await gated(await recorded(loose), tight);
    expect(back.stdout).toMatch(/^better +softmax +declared storage: bfloat16 → float32$/m);
  });

  test('writes Markdown, JUnit and JSON of what changed', async () => {
    const baseline = await recorded(moduleOf());
    const [markdown, junit] = [join(folder, 'gate.md'), join(folder, 'gate.xml')];
    const { status, stdout, stderr } = await gated(
      baseline,
      moduleOf({ dropsGreedy: true }),
      '--json',
      '--markdown',
      markdown,
      '--junit',
      junit,
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      gate: 1,
      passed: false,
      changes: [{ component: 'greedyToken', kind: 'worse', from: 'pass', to: 'not offered' }],
    });
    expect(stderr).toContain('1 worse');
    expect(readFileSync(markdown, 'utf8')).toContain(
      '| worse | `greedyToken` | component | pass | not offered |',
    );
    expect(readFileSync(junit, 'utf8')).toMatch(
      /<testsuites name="touchstone gate" tests="2" failures="1"[\s\S]*<failure type="worse" message="component: pass → not offered">/,
    );
  });

  test('records ratios of times beside a partner, and takes them again', async () => {
    const module = moduleOf();
    const baseline = await recorded(module, 'softmax', '--against', module);
    expect(JSON.parse(readFileSync(baseline, 'utf8'))).toMatchObject({
      against: { implementation: module },
      components: { softmax: { speed: [{}, {}, {}] } },
    });
    const { stdout } = await gated(baseline, module, '--json', '--slower', '1000');
    expect(JSON.parse(stdout)).toMatchObject({
      passed: true,
      components: { softmax: { speed: [{ ratio: expect.any(Number) }, {}, {}] } },
    });
  });
});

describe('gate is called wrongly', () => {
  const refuses = async (argv: readonly string[], message: RegExp) => {
    const { status, stdout, stderr } = await call(argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  };

  test('with a baseline that is none any more', async () => {
    const baseline = await recorded(moduleOf());
    const text = readFileSync(baseline, 'utf8');
    const changed = (name: string, with_: string) => {
      const path = join(folder, name);
      writeFileSync(path, with_);
      return ['gate', '--baseline', path];
    };
    await refuses(changed('half.json', text.slice(0, 500)), /half\.json could not be read: .*JSON/);
    await refuses(
      changed('old.json', text.replace(/"touchstone": "[^"]+"/, '"touchstone": "0.0.1"')),
      /old\.json: a baseline of touchstone 0\.0\.1, and this is .*: record it again/,
    );
    await refuses(
      changed('edited.json', text.replace('"executed": ', '"executed": 1')),
      /edited\.json: it is not what was recorded any more/,
    );
    await refuses(
      changed('form.json', text.replace('"baseline": 1', '"baseline": 2')),
      /form\.json: .*at baseline: expected 1/,
    );
    await refuses(changed('other.json', '[]'), /expected what touchstone baseline writes/);
    await refuses(
      ['gate', '--baseline', join(folder, 'none.json')],
      /none\.json could not be read/,
    );
    await refuses(['gate'], /expected --baseline FILE\.json, got none/);
  });

  test('with another run, another implementation, other components, another partner', async () => {
    const module = moduleOf();
    const baseline = await recorded(module);
    const gate = ['gate', '--baseline', baseline];
    await refuses(
      [...gate, '--seed', '8'],
      /--seed: expected 7, as the baseline was recorded, got 8/,
    );
    await refuses([...gate, '--runs', '21'], /--runs: expected 20/);
    await refuses([...gate, '--level', 'core'], /--level: expected core,edge/);
    await refuses([...gate, 'topK'], /the baseline holds no topK, but softmax, greedyToken/);
    await refuses([...gate, '--against', 'tfjs'], /--against: expected none/);
    await refuses([...gate, '--slack', '2'], /--slack: expected a number from 0 to 1/);
    await refuses([...gate, '--all-installed'], /no such option/);
    await refuses(
      [...gate, '--implementation', moduleOf({ name: 'other' })],
      /was recorded of mine, and this is other/,
    );
  });

  test('and a baseline writes over nothing, and only what is offered', async () => {
    const module = moduleOf();
    const baseline = await recorded(module);
    const argv = ['baseline', '--implementation', module, '--output', baseline, ...few, ...untimed];
    const before = readFileSync(baseline, 'utf8');
    await refuses(argv, /--output: .* is there already; --force writes over it/);
    expect(readFileSync(baseline, 'utf8')).toBe(before);
    expect((await call([...argv, '--force'])).status).toBe(0);
    await refuses(['baseline', '--implementation', module], /expected --output FILE\.json/);
    const path = join(folder, 'never.json');
    const named = ['baseline', '--implementation', module, '--output', path, ...few];
    await refuses([...named, 'topK', ...untimed], /mine does not offer topK/);
    await refuses(
      [...named, 'greedyToken', '--against', moduleOf({ dropsGreedy: true })],
      /--against: expected an implementation that offers greedyToken/,
    );
    expect(existsSync(path)).toBe(false);
  });
});
