import { setImmediate } from 'node:timers/promises';
import { texts, type Text } from '../claims/claim.ts';
import { decide, type Decided } from '../claims/decide.ts';
import { claims as entries } from '../claims/index.ts';
import { markdown } from '../claims/markdown.ts';
import { suggestion } from '../../spec/nearest.ts';
import { progressOn } from '../report/progress.ts';
import type { Values } from './command.ts';
import { claimsJson, claimsText } from './claimsText.ts';
import { exitStatus, type Io } from './io.ts';
import { widthOf } from './text.ts';
import { UsageError } from './usage.ts';
import { textOf } from './values.ts';

/** `touchstone claims`: exit status 0 whatever the verdicts are, for they are about the texts and not about an implementation. */
export async function claims({ values }: { readonly values: Values }, io: Io): Promise<number> {
  if (values.has('json') && values.has('markdown'))
    throw new UsageError('claims: expected --json or --markdown, got both');
  const text = chosen(textOf(values, 'text'));
  const decided = await decideAll(text, io);
  if (values.has('json')) io.stdout.write(`${JSON.stringify(claimsJson(decided), undefined, 2)}\n`);
  else if (values.has('markdown')) io.stdout.write(markdown(decided));
  else io.stdout.write(claimsText(decided, widthOf(io.stdout.columns)));
  return exitStatus.passed;
}

/** @throws UsageError */
function chosen(name: string | undefined): Text | undefined {
  if (name === undefined) return undefined;
  const wanted = name.replace(/\.md$/, '');
  const found = texts.find((text) => text === wanted);
  if (found !== undefined) return found;
  throw new UsageError(
    `claims --text: expected one of ${texts.join(', ')}; got ${name}; ${suggestion(wanted, texts, 'without --text all are taken')}`,
  );
}

async function decideAll(text: Text | undefined, io: Io): Promise<readonly Decided[]> {
  const wanted = entries.filter((claim) => text === undefined || claim.text === text);
  const progress = progressOn(io.stderr);
  const decided: Decided[] = [];
  try {
    for (const claim of wanted) {
      if (io.signal.aborted) break;
      progress.show(decided.length / wanted.length, claim.id);
      decided.push(decide(claim));
      await setImmediate();
    }
  } finally {
    progress.clear();
  }
  return decided;
}
