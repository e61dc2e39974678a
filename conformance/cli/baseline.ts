import { baselineText } from '../gate/baseline.ts';
import { speedsOf } from '../gate/speed.ts';
import { painter } from '../report/table.ts';
import { reportText } from '../report/text.ts';
import { writeWhole } from '../report/write.ts';
import type { Values } from './command.ts';
import { exitStatus, type Io } from './io.ts';
import { mayWrite } from './merge.ts';
import { planOf } from './plan.ts';
import { againstOf, checkPartner, oneOf, record } from './record.ts';
import { optionsText } from './select.ts';
import { UsageError } from './usage.ts';
import { textOf } from './values.ts';

/** `touchstone baseline`. Whatever the verdicts are, they are what is recorded: the exit status is 0. */
export async function baseline(
  { operands, values }: { readonly operands: readonly string[]; readonly values: Values },
  io: Io,
): Promise<number> {
  const output = textOf(values, 'output');
  if (output === undefined) throw new UsageError('baseline: expected --output FILE.json, got none');
  mayWrite('output', output, values.has('force'));
  const plan = planOf(operands, values, io);
  const invocation = oneOf(plan, 'baseline');
  const against = againstOf(values, invocation);
  const timing = {
    seed: plan.settings.seed,
    timeoutSeconds: plan.settings.timeoutSeconds,
    slower: 0,
  };
  const recorded = await record({ plan, invocation, against }, io, (name, both) =>
    speedsOf(name, both, timing),
  );
  const missing = plan.isByName
    ? plan.asked.filter((name) => recorded.baseline.components[name] === undefined)
    : [];
  if (missing.length > 0)
    throw new UsageError(
      `baseline: ${recorded.report.implementation.name} does not offer ${missing.join(', ')}`,
    );
  checkPartner(recorded.untimed, plan, values);
  writeWhole(output, baselineText(recorded.baseline));
  const out = plan.json ? io.stderr : io.stdout;
  out.write(
    reportText(recorded.report, {
      options: optionsText(invocation),
      path: undefined,
      notOffered: plan.asked.length - Object.keys(recorded.report.components).length,
      paint: painter(out.isTTY === true, io.env),
      columns: io.stdout.columns,
    }),
  );
  if (against !== null && recorded.untimed.length > 0)
    out.write(`not timed, for the partner does not offer it: ${recorded.untimed.join(', ')}\n`);
  out.write(`Baseline: ${output}\n`);
  if (plan.json) io.stdout.write(baselineText(recorded.baseline));
  return exitStatus.passed;
}
