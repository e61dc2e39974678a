import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startProcess } from '../../conformance/implementations/process/index.ts';
import { judge } from '../../conformance/judging/judge.ts';
import { certified } from '../../reference/arithmetics/certified.ts';
import { inDoubleDouble } from '../../reference/arithmetics/doubleDouble.ts';
import type { Scope } from '../../reference/arithmetics/enclosing.ts';
import { mathjs } from '../../reference/arithmetics/mathjs.ts';
import { lift } from '../../reference/evaluate.ts';
import { references } from '../../reference/index.ts';
import { greatestOf } from '../../spec/extremes.ts';
import { seededNumbers } from '../../spec/generate.ts';
import { spec } from '../../spec/index.ts';
import { tensor } from '../../spec/tensor.ts';
import { attentionRatio } from './attention.ts';
import { commandMeasures } from './commands.ts';
import { gpt2Measures } from './gpt2.ts';
import { groundTruthMeasures } from './groundTruth.ts';
import { judgingMeasures } from './judging.ts';
import { least, seconds, type Measure } from './measure.ts';
import { partsMeasures } from './parts.ts';
import { textMeasures } from './text.ts';
import { tokenizerMeasures } from './tokenizers.ts';

const attentionOf = (length: number, width: number) =>
  spec.scaledDotProductAttention.input.parse({
    query: tensor('float32', [length, width], seededNumbers(1, length * width).map(Math.fround)),
    key: tensor('float32', [length, width], seededNumbers(2, length * width).map(Math.fround)),
    value: tensor('float32', [length, width], seededNumbers(3, length * width).map(Math.fround)),
  });

/** Every output of an attention, rounded to float32 with proof. */
const attend = (scope: Scope, length: number, width: number) => () => {
  const input = attentionOf(length, width);
  scope((arithmetic) => {
    const { output } = references.scaledDotProductAttention(arithmetic, lift(arithmetic, input));
    for (const x of output.data) arithmetic.round(x, 'float32');
  });
};

/** Every gradient of an attention, by reverse mode over the reference, rounded to float32 with proof. */
const differentiateAttention = (scope: Scope, length: number, width: number) => () => {
  const input = spec.attentionGradient.input.parse({
    query: tensor('float32', [length, width], seededNumbers(1, length * width).map(Math.fround)),
    key: tensor('float32', [length, width], seededNumbers(2, length * width).map(Math.fround)),
    value: tensor('float32', [length, width], seededNumbers(3, length * width).map(Math.fround)),
    outputGradient: tensor(
      'float32',
      [length, width],
      seededNumbers(4, length * width).map(Math.fround),
    ),
  });
  scope((arithmetic) => {
    const gradients = references.attentionGradient(arithmetic, lift(arithmetic, input));
    for (const { data } of Object.values(gradients))
      for (const x of data) arithmetic.round(x, 'float32');
  });
};

function gradientMeasure(): Measure {
  const value = least(2, differentiateAttention(certified(128), 32, 32));
  return {
    what: 'certified attentionGradient 32×32, by tape',
    value,
    unit: 's',
    limit: '≤ 2 s',
    holds: value <= 2,
  };
}

function attentionMeasures(): readonly Measure[] {
  const proven = least(3, attend(certified(128), 64, 64));
  const big = mathjs();
  const input = attentionOf(64, 64);
  const read = seconds(() => void references.scaledDotProductAttention(big, lift(big, input)));
  const pairs = least(3, attend(inDoubleDouble, 512, 64));
  return [
    {
      what: 'certified attention 64×64',
      value: proven,
      unit: 's',
      limit: '≤ 0.5 s',
      holds: proven <= 0.5,
    },
    {
      what: 'mathjs / certified, the same',
      value: read / proven,
      unit: '×',
      limit: '≥ 10 ×',
      holds: read / proven >= 10,
    },
    {
      what: 'doubleDouble attention 512×64',
      value: pairs,
      unit: 's',
      limit: '≤ 1 s',
      holds: pairs <= 1,
    },
  ];
}

/** Judged answers of the JavaScript adapter a second. */
async function adapterMeasure(root: string): Promise<Measure> {
  const adapter = await startProcess(
    `node ${join(root, 'conformance/implementations/process/template.mjs')}`,
  );
  const numerics = adapter.offers.get('softmax')?.numerics ?? {};
  const count = 4000;
  const started = performance.now();
  for (let i = 0; i < count; i += 1) {
    const input = spec.softmax.input.parse({
      logits: tensor('float32', [8], seededNumbers(i, 8).map(Math.fround)),
    });
    const answer = await adapter.run('softmax', input, 10);
    if (!('output' in answer)) throw new Error(JSON.stringify(answer));
    const { verdict } = judge(
      { component: spec.softmax, reference: references.softmax },
      input,
      answer.output,
      numerics,
    );
    if (verdict.status !== 'pass') throw new Error(JSON.stringify(verdict));
  }
  const rate = (count * 1000) / (performance.now() - started);
  await adapter.close();
  return {
    what: 'JavaScript adapter, softmax(8), judged',
    value: rate,
    unit: '/s',
    limit: '≥ 2000 /s',
    holds: rate >= 2000,
  };
}

/** `npm start` as a whole process: its time and the most memory that it held. */
function startMeasures(root: string): readonly Measure[] {
  const probe = `import('node:process').then(({ default: p }) => p.on('exit', () => console.error('RSS', p.resourceUsage().maxRSS)))`;
  const started = performance.now();
  const run = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(probe)}`,
      join(root, 'dist/bundle/main.js'),
      'check',
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const time = (performance.now() - started) / 1000;
  if (run.status !== 0)
    throw new Error(`touchstone check ended with status ${run.status}: ${run.stdout}${run.stderr}`);
  const memory = greatestOf(
    [...run.stderr.matchAll(/RSS (\d+)/g)].map(([, kilobytes]) => Number(kilobytes) / 1024),
  );
  return [
    { what: 'npm start', value: time, unit: 's', limit: '≤ 60 s', holds: time <= 60 },
    {
      what: 'memory of npm start',
      value: memory,
      unit: 'MB',
      limit: '≤ 1500 MB',
      holds: memory <= 1500,
    },
  ];
}

const root = join(import.meta.dirname, '../../..');
/** What `npm run bench -- NAME …` measures alone. */
const sections: Readonly<Record<string, () => readonly Measure[] | Promise<readonly Measure[]>>> = {
  arithmetic: () => [...attentionMeasures(), gradientMeasure()],
  adapter: async () => [await adapterMeasure(root)],
  attention: attentionRatio,
  gpt2: gpt2Measures,
  recall: groundTruthMeasures,
  text: textMeasures,
  tokenizers: tokenizerMeasures,
  judging: judgingMeasures,
  parts: partsMeasures,
  commands: () => commandMeasures(root),
  start: () => startMeasures(root),
};
const asked = process.argv.slice(2);
const unknown = asked.find((name) => sections[name] === undefined);
if (unknown !== undefined)
  throw new Error(`${unknown}: expected one of ${Object.keys(sections).join(', ')}`);
const measures: Measure[] = [];
for (const [name, measure] of Object.entries(sections))
  if (asked.length === 0 || asked.includes(name))
    for (const one of await measure()) measures.push(one);
for (const { what, value, unit, limit, holds } of measures)
  console.log(
    `${what.padEnd(40)} ${value.toPrecision(3).padStart(8)} ${unit.padEnd(3)} ${limit.padEnd(11)} ${holds ? 'holds' : 'MISSED'}`,
  );
process.exitCode = measures.every(({ holds }) => holds) ? 0 : 1;
