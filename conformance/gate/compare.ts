import { levels, type Level } from '../../spec/component.ts';
import { names, type Name } from '../../spec/index.ts';
import type { ComponentVerdict } from '../report/report.ts';
import type { Baseline, ComponentBaseline } from './baseline.ts';
import { redeclared } from './declaration.ts';

/** One thing that is otherwise than recorded. */
export interface Change {
  readonly component: Name;
  readonly kind: 'worse' | 'better' | 'other';
  /** What changed: verdict, cases, used, law, failure, known, declared, speed. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

type Said = Omit<Change, 'component'>;

/** From worst to best. */
const order: readonly ComponentVerdict[] = [
  'broken',
  'fail',
  'vacuous',
  'unsupported',
  'known',
  'pass',
];

const numberChange = (what: string, from: number, to: number): readonly Said[] =>
  from === to
    ? []
    : [{ kind: to < from ? 'worse' : 'better', what, from: String(from), to: String(to) }];

/** What stands on one side only. */
function listChange(
  what: string,
  before: readonly string[],
  after: readonly string[],
  fewer: 'worse' | 'better',
): readonly Said[] {
  const more = fewer === 'worse' ? 'better' : 'worse';
  return [
    ...after
      .filter((one) => !before.includes(one))
      .map((one): Said => ({ kind: more, what: `${what} ${one}`, from: 'not there', to: 'there' })),
    ...before
      .filter((one) => !after.includes(one))
      .map((one): Said => ({ kind: fewer, what: `${what} ${one}`, from: 'there', to: 'gone' })),
  ];
}

function verdictChange(from: ComponentVerdict, to: ComponentVerdict): readonly Said[] {
  if (from === to) return [];
  const kind = order.indexOf(to) < order.indexOf(from) ? 'worse' : 'better';
  return [{ kind, what: 'verdict', from, to }];
}

/** What is declared besides the arithmetic: fewer option values, smaller limits and promises are cases that are not put any more. */
function offerChanges(before: ComponentBaseline, after: ComponentBaseline): readonly Said[] {
  const options = ({ options: all }: ComponentBaseline) =>
    Object.entries(all).flatMap(([field, values]) => values.map((value) => `${field}: ${value}`));
  const figures = (what: string, from: Readonly<Record<string, number>>, to: typeof from) =>
    [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((field) => {
      const [old, now] = [from[field], to[field]];
      if (old !== undefined && now !== undefined) return numberChange(`${what} ${field}`, old, now);
      const isLimit = what === 'limit';
      return listChange(
        `${what} ${field}`,
        old === undefined ? [] : [String(old)],
        now === undefined ? [] : [String(now)],
        isLimit ? 'better' : 'worse',
      );
    });
  return [
    ...listChange('option', options(before), options(after), 'worse'),
    ...figures('limit', before.limits, after.limits),
    ...figures('promise', before.promises, after.promises),
  ];
}

const declaredChanges = (before: ComponentBaseline, after: ComponentBaseline): readonly Said[] => [
  ...redeclared(before.declared, after.declared).map(({ field, from, to, looser }): Said => ({
    kind: looser ? 'worse' : 'better',
    what: `declared ${field}`,
    from,
    to,
  })),
  ...offerChanges(before, after),
];

function knownChanges(before: ComponentBaseline, after: ComponentBaseline): readonly Said[] {
  const grown = after.known.flatMap(({ title, cases }): readonly Said[] => {
    const old = before.known.find((one) => one.title === title);
    if (old === undefined || old.cases === cases) return [];
    const kind = cases > old.cases ? 'worse' : 'better';
    return [{ kind, what: `known failure '${title}'`, from: `${old.cases} cases`, to: `${cases}` }];
  });
  const titles = ({ known }: ComponentBaseline) => known.map(({ title }) => `'${title}'`);
  return [...grown, ...listChange('known failure', titles(before), titles(after), 'better')];
}

/** Used is compared on identical inputs alone: where one side stopped at a failure, or takes more cases now, it says nothing. */
function usedChanges(
  before: ComponentBaseline,
  after: ComponentBaseline,
  slack: number,
): readonly Said[] {
  if (before.inputs !== after.inputs) return [];
  return Object.entries(before.levels).flatMap(([level, old]): readonly Said[] => {
    const now = after.levels[levelOf(level)];
    const failed = [...before.failing, ...after.failing].some((one) => one.startsWith(`${level} `));
    if (now === undefined || failed || now.executed > old.executed) return [];
    if (Math.abs(now.worstUsed - old.worstUsed) <= slack) return [];
    const kind = now.worstUsed > old.worstUsed ? 'worse' : 'better';
    const [from, to] = [old.worstUsed, now.worstUsed].map((used) => used.toFixed(3));
    return [{ kind, what: `worst used, ${level}`, from: from ?? '', to: to ?? '' }];
  });
}

const levelOf = (text: string): Level => levels.find((level) => level === text) ?? 'scale';

const caseChanges = (before: ComponentBaseline, after: ComponentBaseline): readonly Said[] => [
  ...Object.entries(before.levels).flatMap(([level, { executed }]) =>
    numberChange(`cases, ${level}`, executed, after.levels[levelOf(level)]?.executed ?? 0),
  ),
  ...[...new Set([...Object.keys(before.laws), ...Object.keys(after.laws)])].flatMap((law) =>
    numberChange(`cases of '${law}'`, before.laws[law] ?? 0, after.laws[law] ?? 0),
  ),
];

/** What became of one component, speed aside. */
function componentChanges(
  before: ComponentBaseline,
  after: ComponentBaseline,
  slack: number,
): readonly Said[] {
  const declared = declaredChanges(before, after);
  const others: readonly Said[] =
    before.inputs === after.inputs || declared.length > 0
      ? []
      : [{ kind: 'other', what: 'inputs', from: 'those recorded', to: 'others: record it again' }];
  return [
    ...verdictChange(before.verdict, after.verdict),
    ...listChange('failure:', before.failing, after.failing, 'better'),
    ...caseChanges(before, after),
    ...usedChanges(before, after, slack),
    ...knownChanges(before, after),
    ...declared,
    ...others,
  ];
}

/** Everything that is otherwise than recorded, speed aside. Of components that are not in `asked` nothing is said. */
export function compare(
  before: Baseline,
  after: Baseline['components'],
  { slack, asked }: { readonly slack: number; readonly asked: readonly Name[] },
): readonly Change[] {
  return names
    .filter((name) => asked.includes(name))
    .flatMap((component): readonly Change[] => {
      const [old, now] = [before.components[component], after[component]];
      const said: readonly Said[] =
        old === undefined
          ? now === undefined
            ? []
            : [{ kind: 'better', what: 'component', from: 'not there', to: now.verdict }]
          : now === undefined
            ? [{ kind: 'worse', what: 'component', from: old.verdict, to: 'not offered' }]
            : componentChanges(old, now, slack);
      return said.map((one) => ({ component, ...one }));
    });
}
