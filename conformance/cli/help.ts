import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { definitions, widthOf, wrap } from './text.ts';

const statuses =
  'Exit status: 0 all pass, known failures aside · 1 something failed, or a known failure is gone · 2 called wrongly · 3 the suite or the adapter is broken.';

/** The help of the whole program. */
export function generalHelp(columns: number | undefined): string {
  const width = widthOf(columns);
  const summaries = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const);
  return [
    'Usage: touchstone COMMAND [arguments]\n\n',
    `${wrap('Finds out whether an implementation of what language models and vector stores are made of is right, and if not, on which smallest input.', width)}\n\n`,
    definitions(
      [
        ...summaries,
        ['help COMMAND', 'show what a command takes'],
        ['--version', 'show the version'],
      ],
      width,
    ),
    `\n${wrap(statuses, width)}\n`,
  ].join('');
}

/** The help of one command. */
export function commandHelp(
  { usage, about, options }: Command,
  columns: number | undefined,
): string {
  const width = widthOf(columns);
  const entries = Object.entries(options).map(
    ([name, { takes, about: text }]) =>
      [takes === undefined ? `--${name}` : `--${name} ${takes}`, text] as const,
  );
  return `Usage: touchstone ${usage}\n\n${wrap(about, width)}\n\n${definitions(entries, width)}\n${wrap(statuses, width)}\n`;
}
