import { spec, type Name } from '../../spec/index.ts';
import { optionOf, readNumber, shapeOf, tensorFieldOf } from '../../spec/schema.ts';
import { noDimensions, unify } from '../../spec/shape.ts';
import { floatDtypes, type FloatDtype } from '../../spec/tensor.ts';
import { suggestion } from '../../spec/nearest.ts';

/** Lengths that somebody asks for, with what else is fixed. */
export interface Asked {
  readonly lengths: Readonly<Record<string, number>>;
  readonly scale?: number;
  /** Fields that are no tensors. */
  readonly given?: Readonly<Record<string, unknown>>;
  readonly leading?: readonly number[];
  /** What floats are stored in, in place of what is declared. */
  readonly storage?: FloatDtype;
}

/** What is asked for besides a shape: fields as text, and what deviations are multiplied by. */
export interface Beside {
  readonly given?: readonly string[];
  readonly scale?: number;
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** A length of each axis, in the order of the axes: 'B=2,V=50257,emptyRow="zero",scale-of=4'. Names a stage, and a replay token. */
export const titleOf = ({ lengths, given = {}, scale, leading, storage }: Asked): string =>
  [
    ...Object.entries(lengths).map(([axis, length]) => `${axis}=${length}`),
    ...(leading === undefined ? [] : [`...=${leading.join('x')}`]),
    ...Object.entries(given).map(([field, value]) => `${field}=${encodeURIComponent(show(value))}`),
    ...(scale === undefined ? [] : [`scale-of=${scale}`]),
    ...(storage === undefined ? [] : [`storage=${storage}`]),
  ].join(',');

const storageOf = (text: string): Pick<Asked, 'storage'> => {
  const storage = floatDtypes.find((dtype) => dtype === text);
  return storage === undefined ? {} : { storage };
};

/** Reads a title back, or says that it is none. */
export function askedOfTitle(name: Name, title: string): Asked | undefined {
  const axes = spec[name].sized?.axes ?? {};
  const lengths: Record<string, number> = {};
  const given: Record<string, unknown> = {};
  let rest: Pick<Asked, 'scale' | 'leading' | 'storage'> = {};
  for (const part of title.split(',')) {
    const [key = '', text = ''] = part.split('=');
    if (axes[key] !== undefined) lengths[key] = Number(text);
    else if (key === '...')
      rest = { ...rest, leading: text === '' ? [] : text.split('x').map(Number) };
    else if (key === 'scale-of') rest = { ...rest, scale: Number(text) };
    else if (key === 'storage') rest = { ...rest, ...storageOf(text) };
    else if (shapeOf(spec[name].input)[key] === undefined || text === '') return undefined;
    else given[key] = JSON.parse(decodeURIComponent(text));
  }
  return { lengths, ...(Object.keys(given).length === 0 ? {} : { given }), ...rest };
}

/**
 * Reads a shape: 'B=8 Lq=4096', or 'query=[8,32,4096,128] key=[8,32,4096,128]'. Axes that it does not name are as small as they get.
 *
 * @throws RangeError with what was expected and what came
 */
export function askedOf(name: Name, text: string, beside: Beside = {}): Asked {
  const { sized } = spec[name];
  if (sized === undefined)
    throw new RangeError(`${name} has no sizes: expected a component whose axes describe lists`);
  const axes = new Map<string, number>();
  const shapes = new Map<string, readonly number[]>();
  for (const part of text.trim().split(/\s+(?=[^\s\]]*=)/)) {
    const [, key = '', value = ''] = /^([^=\s]+)=(.+)$/s.exec(part) ?? [];
    const list = /^\[([^\]]*)\]$/.exec(value)?.[1];
    if (list === undefined) axes.set(axisOf(name, key, part), lengthOf(key, value));
    else
      shapes.set(key, list.trim() === '' ? [] : list.split(',').map((one) => lengthOf(key, one)));
  }
  const found = ofShapes(name, shapes, axes);
  const given = givenOf(name, beside.given ?? []);
  const least = Object.entries(sized.axes).map(
    ([axis, { small, large }]) =>
      [axis, axes.get(axis) ?? found.lengths.get(axis) ?? small[0] ?? large[0] ?? 1] as const,
  );
  return {
    lengths: Object.fromEntries(least),
    ...(Object.keys(given).length === 0 ? {} : { given }),
    ...(beside.scale === undefined ? {} : { scale: beside.scale }),
    ...(found.leading === undefined ? {} : { leading: found.leading }),
  };
}

function axisOf(name: Name, key: string, part: string): string {
  const axes = Object.keys(spec[name].sized?.axes ?? {});
  if (axes.includes(key)) return key;
  const hint = suggestion(key, axes, `touchstone describe ${name} tells what they are`);
  throw new RangeError(
    `expected AXIS=LENGTH, with axes ${axes.join(', ')}, or FIELD=[lengths], got ${part}; ${hint}`,
  );
}

function lengthOf(key: string, text: string): number {
  const length = Number(text);
  if (/^\s*\d+\s*$/.test(text) && Number.isSafeInteger(length)) return length;
  throw new RangeError(`${key}: expected a whole number as length, got ${text.trim()}`);
}

/** What the shapes of fields come to by axis: the letters of their patterns, the leading axes one after another. */
function ofShapes(
  name: Name,
  shapes: ReadonlyMap<string, readonly number[]>,
  given: ReadonlyMap<string, number>,
): { readonly lengths: ReadonlyMap<string, number>; readonly leading?: readonly number[] } {
  const known = noDimensions();
  for (const [axis, length] of given) known.lengths.set(axis, length);
  const patterns = shapeOf(spec[name].input);
  for (const [field, shape] of shapes) {
    const pattern = tensorFieldOf(patterns[field])?.shape;
    if (pattern === undefined)
      throw new RangeError(
        `${field}: expected the name of a tensor of ${name}: ${tensorNames(name).join(', ')}`,
      );
    const problem = unify(pattern, shape, known);
    if (problem !== undefined) throw new RangeError(`${field}: ${problem}`);
  }
  const { rest } = known;
  if (rest === undefined) return { lengths: known.lengths };
  const axes = leadingAxes(name, spec[name].sized?.axes ?? {});
  const last = rest.slice(Math.max(0, rest.length - axes.length + 1));
  const first = rest.slice(0, rest.length - last.length);
  const own = [...(first.length === 0 ? [] : [first.reduce((x, y) => x * y, 1)]), ...last];
  axes.toReversed().forEach((axis, i) => known.lengths.set(axis, own.at(-1 - i) ?? 1));
  return { lengths: known.lengths, leading: rest };
}

export const tensorNames = (name: Name): readonly string[] =>
  Object.entries(shapeOf(spec[name].input))
    .filter(([, schema]) => tensorFieldOf(schema) !== undefined)
    .map(([field]) => field);

/** Axes that no pattern names: they stand for '...'. */
const leadingAxes = (name: Name, axes: Readonly<Record<string, unknown>>): readonly string[] => {
  const patterns = Object.values(shapeOf(spec[name].input)).map(
    (schema) => tensorFieldOf(schema)?.shape ?? '',
  );
  const letters = new Set(patterns.join(' ').match(/[A-Za-z]\w*/g) ?? []);
  return Object.keys(axes).filter((axis) => !letters.has(axis) && /^[A-Z]/.test(axis));
};

/** Fields that are no tensors, from 'causal=true'. */
function givenOf(name: Name, texts: readonly string[]): Readonly<Record<string, unknown>> {
  const fields = Object.entries(shapeOf(spec[name].input)).filter(
    ([, schema]) => tensorFieldOf(schema) === undefined,
  );
  return Object.fromEntries(
    texts.map((text) => {
      const [, field = '', value = ''] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
      const schema = fields.find(([known]) => known === field)?.[1];
      if (schema === undefined)
        throw new RangeError(
          `expected FIELD=VALUE with ${fields.map(([known]) => known).join(', ') || 'no field'}, got ${text}`,
        );
      return [field, valueOf(schema, value)];
    }),
  );
}

function valueOf(schema: unknown, text: string): unknown {
  if (optionOf(schema) !== undefined) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isNaN(number) ? (readNumber(text) ?? text) : number;
}
