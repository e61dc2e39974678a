import { spec, type Name } from '../../spec/index.ts';
import { isOptional, isTensor, shapeOf } from '../../spec/schema.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isFloatDtype, type FloatDtype } from '../../spec/tensor.ts';
import { MalformedFile } from '../data/malformedFile.ts';
import { MalformedTensor } from '../interface/wire.ts';
import { nearest } from '../../spec/nearest.ts';
import { fitted } from './fitted.ts';
import { nested, schemaAt, stepsOf, tensorsOf } from './paths.ts';
import type { Entry, Recording } from './recording.ts';

export const sides = ['input', 'output'] as const;
export type Side = (typeof sides)[number];

/** A file, and what is looked for in it. */
export interface Given {
  readonly recording: Recording;
  readonly sides: readonly Side[];
}

export interface Naming {
  /** The name in the file by field. */
  readonly map: ReadonlyMap<string, string>;
  /** Fields that are no tensors, as text. */
  readonly set: ReadonlyMap<string, string>;
}

/** Values by path, of the input and of the output. */
export type Sorted = Readonly<Record<Side, Map<string, unknown>>>;

const schemaOf = (name: Name, side: Side): unknown => spec[name][side];
const isField = (name: Name, side: Side, path: string): boolean =>
  schemaAt(schemaOf(name, side), stepsOf(path)) !== undefined;

/** Where a name belongs: 'query', 'input.query' and 'output.output' are all right. */
function placesOf(name: Name, path: string): readonly (readonly [Side, string])[] {
  const plain = sides.filter((side) => isField(name, side, path));
  if (plain.length > 0) return plain.map((side) => [side, path] as const);
  return sides.flatMap((side) => {
    const rest = path.startsWith(`${side}.`) ? path.slice(side.length + 1) : '';
    return rest !== '' && isField(name, side, rest) ? [[side, rest] as const] : [];
  });
}

const listed = (name: Name, side: Side): string =>
  Object.keys(shapeOf(spec[name][side])).join(', ');

const expectation = (name: Name, wanted: readonly Side[]): string =>
  wanted.map((side) => `${listed(name, side)} (${side})`).join(' or ');

/** A name that the component does not know. */
function unknown(name: Name, { recording, sides: wanted }: Given, entry: Entry): MalformedFile {
  const known = sides.flatMap((side) => Object.keys(shapeOf(spec[name][side])));
  const near = nearest(stepsOf(entry.name).at(-1) ?? '', known);
  const hint =
    near === undefined
      ? `--map FIELD=${entry.name} says which it is`
      : `did you mean ${near}? --map ${near}=${entry.name} says so`;
  return new MalformedFile(
    `${recording.path}: expected fields of ${name}, ${expectation(name, wanted)}, got ${entry.name}; ${hint}; touchstone describe ${name} tells what they are`,
  );
}

/** The one tensor that there is where a file has one without a name. */
function onlyTensor(
  name: Name,
  { recording, sides: wanted }: Given,
): readonly (readonly [Side, string])[] {
  if (!recording.path.toLowerCase().endsWith('.npy')) return [];
  return wanted.flatMap((side) => {
    const schema = schemaOf(name, side);
    const needed = tensorsOf(schema).filter((field) => !isOptional(shapeOf(schema)[field]));
    const [only] = needed;
    return only !== undefined && needed.length === 1 ? [[side, only] as const] : [];
  });
}

/** Whether a remark may be left out: what a misspelt field looks like may not. */
const saysNothing = (name: Name, { isRemark, name: own }: Entry): boolean =>
  isRemark === true &&
  nearest(
    own,
    sides.flatMap((side) => Object.keys(shapeOf(spec[name][side]))),
  ) === undefined;

function placeOf(
  name: Name,
  given: Given,
  entry: Entry,
  fields: ReadonlyMap<string, string>,
): readonly [Side, string] | undefined {
  const own = placesOf(name, fields.get(entry.name) ?? entry.name);
  const all = own.length > 0 ? own : onlyTensor(name, given);
  const places = all.filter(([side]) => given.sides.includes(side));
  if (places.length > 1)
    throw new MalformedFile(
      `${given.recording.path}: ${entry.name} is a field of the input and of the output of ${name}; name them input.${entry.name} and output.${entry.name}, or give two files`,
    );
  const [place] = places;
  if (place !== undefined || own.length > 0 || saysNothing(name, entry)) return place;
  throw unknown(name, given, entry);
}

/**
 * Reads what files hold of a component, by path.
 *
 * @throws MalformedFile for a name that it does not know, or that is there twice, and for what cannot be read
 */
export async function sortedValues(
  name: Name,
  all: readonly Given[],
  { map, set }: Naming,
): Promise<Sorted> {
  const fields = new Map([...map].map(([field, own]) => [own, field]));
  const found: Sorted = { input: new Map(), output: new Map() };
  checkMapped(name, all, map);
  for (const given of all)
    for (const entry of given.recording.entries) {
      const place = placeOf(name, given, entry, fields);
      if (place === undefined) continue;
      const [side, path] = place;
      if (found[side].has(path))
        throw new MalformedFile(
          `${given.recording.path}: expected ${path} once, got it again as ${entry.name}`,
        );
      found[side].set(path, await entry.read());
    }
  for (const [field, text] of set) {
    const [place] = placesOf(name, field);
    if (place === undefined)
      throw new MalformedFile(`--set ${field}: expected one of ${listed(name, 'input')}`);
    found[place[0]].set(place[1], text);
  }
  return found;
}

/** @throws MalformedFile where --map says something that is not so */
function checkMapped(name: Name, all: readonly Given[], map: Naming['map']): void {
  const there = all.flatMap(({ recording }) => recording.entries.map((entry) => entry.name));
  for (const [field, own] of map) {
    if (placesOf(name, field).length === 0) {
      const known = sides.flatMap((side) => Object.keys(shapeOf(spec[name][side])));
      const near = nearest(field, known);
      throw new MalformedFile(
        `--map ${field}=${own}: expected one of ${expectation(name, sides)}, got ${field}${near === undefined ? '' : `; did you mean ${near}?`}`,
      );
    }
    if (!there.includes(own)) {
      const near = nearest(own, there);
      throw new MalformedFile(
        `--map ${field}=${own}: expected a name that is in a file (${there.slice(0, 12).join(', ') || 'none'}), got ${own}${near === undefined ? '' : `; did you mean ${near}?`}`,
      );
    }
  }
}

/** The first float format among tensors by path. */
export function storageIn(values: ReadonlyMap<string, unknown>): FloatDtype | undefined {
  for (const value of values.values())
    for (const [, { dtype }] of leavesOf(value, isTensor)) if (isFloatDtype(dtype)) return dtype;
  return undefined;
}

/**
 * One side as an object: what may be left out may be missing, everything else not.
 *
 * @throws MalformedFile
 */
export function assembled(
  name: Name,
  side: Side,
  values: ReadonlyMap<string, unknown>,
  storage: FloatDtype,
): object {
  const shape = shapeOf(spec[name][side]);
  const whole = nested(values);
  const missing = Object.entries(shape).flatMap(([field, schema]) =>
    Object.hasOwn(whole, field) || isOptional(schema) ? [] : [field],
  );
  if (missing.length > 0)
    throw new MalformedFile(
      `expected ${missing.join(', ')} of the ${side} of ${name}, got ${[...values.keys()].join(', ') || 'nothing'}; touchstone describe ${name} tells what they are`,
    );
  try {
    return Object.fromEntries(
      Object.entries(whole).map(([field, value]) => [field, fitted(shape[field], value, storage)]),
    );
  } catch (error) {
    if (error instanceof MalformedTensor) throw new MalformedFile(`${name}: ${error.message}`);
    throw error;
  }
}
