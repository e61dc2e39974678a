import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { demo } from '../../conformance/cli/demo.ts';
import type { Io } from '../../conformance/cli/io.ts';
import { documents, question } from '../../conformance/demo/documents.ts';
import { titles } from '../../conformance/demo/demo.ts';
import { startHuggingface } from '../../conformance/implementations/huggingface/package.ts';
import { config } from '../../conformance/implementations/huggingface/tokenizers.ts';
import { tfjs } from '../../conformance/implementations/tfjs/index.ts';
import type { Answer, Implementation } from '../../conformance/interface/implementation.ts';
import { greatestOf } from '../../spec/extremes.ts';
import type { Name } from '../../spec/index.ts';
import { mapped } from '../../spec/laws.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { call, scratch, type Called } from './call.ts';

const steps = '12';
const folder = scratch();
const kept = join(folder, 'kept');
const files = ['config.json', 'model.safetensors', 'tokenizer.json'];
let whole: Called;

beforeAll(async () => {
  whole = await call(['demo', '--steps', steps, '--output', kept]);
}, 120_000);

/** The lines of the table: stage, verdict, and what follows. */
const linesOf = (stdout: string): readonly (readonly [string, string])[] =>
  titles.map((title) => {
    const line = stdout.split('\n').find((one) => one.startsWith(`${title} `)) ?? '';
    return [title, line.slice(title.length).trim().split(/ +/)[0] ?? ''];
  });

describe('from text to an answer', () => {
  test('every stage passes, in 80 columns', () => {
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    expect(linesOf(whole.stdout)).toEqual(titles.map((title) => [title, 'pass']));
    expect(whole.stdout).toMatch(/^training +pass +1 of 12 +0\.\d+ {2}12 steps: loss \d\.\d\d/m);
    expect(whole.stdout).toContain(`\n${question}\n`);
    expect(whole.stdout).toMatch(/12 of 12 stages passed; \d+ of \d+ answers judged/);
    const lines = whole.stdout.split('\n').filter((line) => !line.includes(folder));
    expect(greatestOf(lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('the files that it leaves agree, and count reads them', async () => {
    expect(readdirSync(kept).toSorted()).toEqual(files);
    const [architecture = '', weights = ''] = files.map((name) => join(kept, name));
    const argv = ['count', '--safetensors', weights, '--config', architecture, '--json'];
    const { status, stdout } = await call(argv);
    const { verdict, names } = JSON.parse(stdout);
    expect({ status, agrees: verdict.agrees }).toEqual({ status: 0, agrees: true });
    expect(names.naming).toBe('touchstone');
  });

  test('the tokenizer is one that Hugging Face’s library reads', async () => {
    const { Tokenizer } = await startHuggingface();
    const json: object = JSON.parse(readFileSync(join(kept, 'tokenizer.json'), 'utf8'));
    const tokenizer = new Tokenizer(json, config);
    for (const { text } of documents) {
      const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false });
      expect(ids.every((id) => typeof id === 'number')).toBe(true);
      expect(tokens.length).toBeLessThan(text.length);
      expect(tokenizer.decode(ids.filter((id) => typeof id === 'number'))).toBe(text);
    }
  });

  test(
    'a seed gives the same answer again, and nothing is kept unasked',
    { timeout: 120_000 },
    async () => {
      const before = readdirSync(folder);
      const { status, stdout, stderr } = await call(['demo', '--steps', steps, '--json']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { stages, answer, files: written } = JSON.parse(stdout);
      expect(written).toEqual([]);
      expect(readdirSync(folder)).toEqual(before);
      for (const { stage, did } of stages)
        expect({ stage, did: whole.stdout.includes(did) }).toEqual({ stage, did: true });
      const words = (text: string): string => text.replaceAll(/\s+/g, '');
      expect(words(answer.generated).length).toBeGreaterThan(10);
      expect(words(whole.stdout)).toContain(words(answer.generated));
      for (const { text, title } of answer.found)
        expect(documents.find((one) => one.title === title)?.text).toContain(text);
    },
  );
});

describe('a wrong call', () => {
  test('files that are there stay as they are, unless --force is given', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'config.json'), 'mine');
    const { status, stdout, stderr } = await call(['demo', '--output', other]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/--output: .*config\.json is there already; --force replaces it/);
    expect(readdirSync(other)).toEqual(['config.json']);
    expect(readFileSync(join(other, 'config.json'), 'utf8')).toBe('mine');
  });

  test.each<readonly [readonly string[], RegExp]>([
    [['--force'], /--force: expected with --output FOLDER, got it alone/],
    [['--output', join(folder, 'none', 'deeper')], /deeper could not be made: ENOENT/],
    [['--output', join(kept, 'config.json')], /expected a folder, got .*, which is a file/],
    [['--steps', '9'], /--steps: expected an integer from 10 to 100000, got 9/],
    [['--seed', 'one'], /--seed: expected an integer/],
    [['stone'], /expected no argument besides options, got stone/],
  ])('%j', async (argv, wanted) => {
    const { status, stdout, stderr } = await call(['demo', ...argv]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(wanted);
  });
});

describe('a stage that is wrong', () => {
  const answers = new Map<string, Answer>();
  let sound: Implementation;
  beforeAll(async () => {
    sound = await tfjs('wasm');
  });

  /** The bundled implementation, whose answers of one component are changed; what it was asked before it is not asked again. */
  const spoilt = (component: Name, change: (answer: Answer) => Answer): Implementation => ({
    ...sound,
    run: async (name, input, timeout) => {
      const key = JSON.stringify([name, input]);
      const answer = answers.get(key) ?? (await sound.run(name, input, timeout));
      answers.set(key, answer);
      return name === component ? change(answer) : answer;
    },
  });

  const demoOf = async (implementation: Implementation, output: string) => {
    const written = { stdout: '', stderr: '' };
    const sink = (stream: keyof typeof written) => ({
      columns: 80,
      write: (text: string) => {
        written[stream] += text;
      },
    });
    const io: Io = {
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      stdin: (async function* () {})(),
      corpus: 'none',
      env: {},
      signal: new AbortController().signal,
      drained: async () => {},
      unread: () => false,
    };
    const values = new Map([
      ['steps', '10'],
      ['output', output],
    ]);
    const status = await demo({ values }, io, async () => implementation);
    return { status, ...written };
  };

  /** Every number of an answer a little larger. */
  const enlarged = (answer: Answer): Answer =>
    'output' in answer
      ? { output: mapLeaves(answer.output, isTensor, (held) => mapped(held, (x) => x * 1.001)) }
      : answer;
  const listReversed =
    (field: string) =>
    (answer: Answer): Answer => {
      if (!('output' in answer) || typeof answer.output !== 'object') return answer;
      const entries = Object.entries(answer.output ?? {});
      return {
        output: Object.fromEntries(
          entries.map(([key, value]) => [
            key,
            key === field && Array.isArray(value) ? value.toReversed() : value,
          ]),
        ),
      };
    };

  test.each<readonly [string, Name, (answer: Answer) => Answer]>([
    ['encoding', 'bytePairEncode', listReversed('ids')],
    ['training', 'trainingStep', enlarged],
    ['embedding', 'encoderLayer', enlarged],
  ])(
    '%s fails with a wrong %s, and the demo with it',
    { timeout: 120_000 },
    async (stage, component, change) => {
      const output = join(folder, `spoilt-${component}`);
      const { status, stdout } = await demoOf(spoilt(component, change), output);
      const at = titles.findIndex((title) => title === stage);
      expect(linesOf(stdout).map(([, verdict]) => verdict)).toEqual(
        titles.map((_, i) => (i < at ? 'pass' : i === at ? 'fail' : 'skipped')),
      );
      expect(status).toBe(1);
      expect(stdout).toContain(`\n${stage}: ${component}\n`);
      expect(stdout).toMatch(/^ {2}expected {2}/m);
      expect(existsSync(output)).toBe(false);
      expect(greatestOf(stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  test(
    'answers that are right one by one may be wrong together',
    { timeout: 120_000 },
    async () => {
      let asked = 0;
      const drifting = spoilt('gpt', (answer) => {
        asked += 1;
        return asked === 2 ? enlarged(answer) : answer;
      });
      const { status, stdout } = await demoOf(drifting, join(folder, 'drifting'));
      expect(status).toBe(1);
      expect(stdout).toMatch(/^logits +fail .*the logits are others than before/m);
    },
  );

  test('an implementation that lacks a component ends there', async () => {
    const lacking = spoilt('chunking', () => ({ unsupported: 'chunking is not offered' }));
    const { status, stdout } = await demoOf(lacking, join(folder, 'lacking'));
    expect(status).toBe(1);
    expect(linesOf(stdout).slice(0, 2)).toEqual([
      ['chunking', 'unsupported'],
      ['byte pairs', 'skipped'],
    ]);
  });
});
