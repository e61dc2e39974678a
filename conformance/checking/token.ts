import { isName, spec, type Name } from '../../spec/index.ts';
import { levels, type Level } from '../../spec/component.ts';
import { askedOfTitle } from '../sizes/asked.ts';
import type { FailureKind } from '../report/report.ts';

/** Names one case: the stage that it is from, and the seed and path that generate it. */
export interface Token {
  readonly name: Name;
  readonly level: Level;
  /** The budget that the sizes of its input follow from, at level `size`. */
  readonly budget?: number;
  readonly kind: FailureKind;
  readonly title: string;
  readonly seed: number;
  readonly path: string;
}

/** A slash would end it. */
const slug = (title: string): string => title.replaceAll(' ', '-').replaceAll('/', '|');

/** Component/level/kind.title/seed/path: 'softmax/core/law.sums-to-one/42/3:0:1'; 'softmax/size@0.3/generated.V/42/0' of a budget of 0.3. */
export const formatToken = ({ name, level, budget, kind, title, seed, path }: Token): string =>
  [
    name,
    budget === undefined ? level : `${level}@${budget}`,
    title === '' ? kind : `${kind}.${slug(title)}`,
    seed,
    path,
  ].join('/');

const kinds: readonly FailureKind[] = ['vector', 'generated', 'law', 'invalid'];

/** Every title that a stage of a component can have. */
const titlesOf = (name: Name): readonly string[] => {
  const { laws, trials = {}, examples, invalid } = spec[name];
  const sentences = [...Object.keys(laws), ...Object.keys(trials)];
  const axes = Object.keys(spec[name].sized?.axes ?? {});
  return ['', ...axes, ...sentences, ...examples.map(({ id }) => id), ...Object.keys(invalid)];
};

/**
 * Reads a replay token.
 *
 * @throws SyntaxError when it is none
 */
export function parseToken(text: string): Token {
  const [name = '', levelText = '', stage = '', seedText, path = ''] = text.split('/');
  const [levelName, budgetText] = levelText.split('@');
  const [kindName, ...rest] = stage.split('.');
  const level = levels.find((known) => known === levelName);
  const kind = kinds.find((known) => known === kindName);
  const seed = Number(seedText);
  const budget = budgetText === undefined ? undefined : Number(budgetText);
  const title = isName(name)
    ? (titlesOf(name).find((known) => slug(known) === rest.join('.')) ??
      (level === 'size' && askedOfTitle(name, rest.join('.')) !== undefined
        ? rest.join('.')
        : undefined))
    : undefined;
  if (
    !isName(name) ||
    level === undefined ||
    kind === undefined ||
    title === undefined ||
    !Number.isInteger(seed) ||
    !(budget === undefined || (budget > 0 && level === 'size')) ||
    !/^\d+(:\d+)*$/.test(path)
  )
    throw new SyntaxError(
      `replay token: expected component/level/kind.title/seed/path as a report gives it, got ${text}`,
    );
  return { name, level, ...(budget === undefined ? {} : { budget }), kind, title, seed, path };
}
