import { largestFinite, roundTo } from './format.ts';
import type { Draw, Spread } from './sized.ts';
import { sizeOf, type BooleanTensor, type FloatDtype, type IntegerTensor } from './tensor.ts';

export interface DrawSettings {
  readonly seed: number;
  /** What the numbers are rounded to. */
  readonly storage: FloatDtype;
  /** Whether rows hold what is not normal, where their field allows it. */
  readonly textured?: boolean;
  /** Multiplies every deviation. */
  readonly scale?: number;
  /** All tensors together take no more. */
  readonly mostBytes?: number;
}

/** The finalizer of MurmurHash3: every bit of the counter moves every bit of the answer. */
export function mixed(counter: number): number {
  let x = counter | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A number of 32 bits for each seed and name (FNV-1a, mixed). */
export function keyOf(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ mixed(seed);
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

/** Half of the golden ratio's fraction in 32 bits: neighbouring counters come far apart. */
const stride = 0x9e3779b9;

/** The number of a place, evenly from 0 to 2^32 − 1. */
const at = (key: number, i: number): number => mixed(key + Math.imul(i, stride));

/** Approximately normal: four uniform numbers of 16 bits, less their mean; from −3.47 to 3.47, with deviation 1. */
const normalAt = (key: number, i: number): number => {
  const a = at(key, i);
  const b = mixed(a ^ 0x5bd1e995);
  return (
    (((a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16)) / 65536 - 2 + 2 ** -15) * Math.sqrt(3)
  );
};

type Fill = (data: Float64Array | Float32Array, start: number, width: number, key: number) => void;

interface Level {
  readonly mean: number;
  readonly deviation: number;
  /** Of the format, or of float32 where that is less: exponentials of greater ones are in no format at all. */
  readonly largest: number;
}

/** What rows may hold. Each is laid over normal numbers; `key` is the row's own. */
const textures = {
  ties: ({ mean, deviation }: Level): Fill => {
    const top = mean + 4 * deviation;
    return (data, start, width, key) => {
      data[start + (at(key, 1) % width)] = top;
      data[start + (at(key, 2) % width)] = top;
      data[start + width - 1 - (at(key, 3) % Math.min(width, 3))] = top;
    };
  },
  dominated: ({ mean, deviation }: Level): Fill => {
    const top = mean + 16 * deviation;
    return (data, start, width, key) => {
      const place = at(key, 2) % 2 === 0 ? width - 1 : at(key, 1) % width;
      data[start + place] = top;
    };
  },
  equal: ({ mean, deviation }: Level): Fill => {
    return (data, start, width, key) => {
      data.fill(mean + deviation * normalAt(key, 0), start, start + width);
    };
  },
  masked: (): Fill => {
    return (data, start, width, key) => {
      const kept = at(key, 1) % width;
      for (let i = 0; i < width; i += 1)
        if (i !== kept && (at(key, i) & 256) === 0) data[start + i] = -Infinity;
    };
  },
  greatest: ({ largest }: Level): Fill => {
    return (data, start, width, key) => {
      data[start + (at(key, 1) % width)] = largest;
      data[start + (at(key, 2) % width)] = -largest;
    };
  },
  special: (): Fill => {
    return (data, start, width, key) => {
      data[start + (at(key, 1) % width)] = at(key, 2) % 2 === 0 ? NaN : Infinity;
    };
  },
} as const;

/** By what a field may hold: plain rows are most, and what makes a row NaN is rare. */
const texturesFor = (holds: Spread['holds'] = 'finite', level: Level): readonly (Fill | null)[] => {
  if (holds === 'normal') return [null];
  const { ties, dominated, equal, masked, greatest, special } = textures;
  const finite = [null, null, null, ties(level), dominated(level), equal(level)];
  if (holds === 'finite') return finite;
  const excluded = [...finite, masked(), masked()];
  return holds === 'masked' ? excluded : [...excluded, ...excluded, greatest(level), special()];
};

function fillNormal(data: Float64Array | Float32Array, key: number, level: Level): void {
  const { mean, deviation } = level;
  for (let i = 0; i < data.length; i += 1) data[i] = mean + deviation * normalAt(key, i);
}

function fillTextures(
  data: Float64Array | Float32Array,
  width: number,
  key: number,
  fills: readonly (Fill | null)[],
): void {
  if (width === 0) return;
  for (let start = 0, row = 0; start < data.length; start += width, row += 1) {
    const own = mixed(key ^ mixed(row + 1));
    fills[own % fills.length]?.(data, start, width, mixed(own + stride));
  }
}

/** What all tensors take together, as they are made. */
function accountOf(mostBytes: number) {
  let bytes = 0;
  return (field: string, shape: readonly number[], width: number): number => {
    const size = sizeOf(shape);
    bytes += size * width;
    if (!(bytes <= mostBytes))
      throw new RangeError(
        `${field}: expected tensors of ${mostBytes} bytes at most, got ${bytes} with [${shape.join(', ')}]`,
      );
    return size;
  };
}

const sixteenBits = (storage: FloatDtype): boolean =>
  storage === 'float16' || storage === 'bfloat16';

/** @throws RangeError from its functions, where a tensor would be too large */
export function drawOf({
  seed,
  storage,
  textured = false,
  scale = 1,
  mostBytes = 2 ** 34,
}: DrawSettings): Draw {
  const account = accountOf(mostBytes);
  return {
    floats: (field, shape, { mean = 0, deviation = 1, holds } = {}) => {
      const size = account(field, shape, storage === 'float64' ? 8 : 4);
      const data = storage === 'float64' ? new Float64Array(size) : new Float32Array(size);
      const key = keyOf(seed, field);
      const largest = Math.min(largestFinite(storage), largestFinite('float32'));
      const level = { mean, deviation: deviation * scale, largest };
      fillNormal(data, key, level);
      if (textured) fillTextures(data, shape.at(-1) ?? 1, key, texturesFor(holds, level));
      if (sixteenBits(storage))
        for (let i = 0; i < size; i += 1) data[i] = roundTo(data[i] ?? 0, storage);
      return { dtype: storage, shape, data };
    },
    integers: (field, shape, { from = 0, below }): IntegerTensor => {
      const data = new Int32Array(account(field, shape, 4));
      const key = keyOf(seed, field);
      const span = below - from;
      for (let i = 0; i < data.length; i += 1)
        data[i] = from + Math.floor((at(key, i) / 2 ** 32) * span);
      return { dtype: 'int32', shape, data };
    },
    booleans: (field, shape, share = 0.75): BooleanTensor => {
      const data = new Uint8Array(account(field, shape, 1));
      const key = keyOf(seed, field);
      for (let i = 0; i < data.length; i += 1) data[i] = at(key, i) < share * 2 ** 32 ? 1 : 0;
      return { dtype: 'bool', shape, data };
    },
    pick: (field, first, ...others) =>
      others[keyOf(seed, `pick ${field}`) % (others.length + 1)] ?? first,
    seed: (field) => keyOf(seed, `seed ${field}`) >>> 1,
  };
}

/**
 * A draw whose tensors are zeros that nobody has touched, and how many bytes they are: they take no memory until they are written.
 *
 * @throws RangeError from its functions, where all tensors together take more than `most` bytes
 */
export function measuring(
  { pick, seed }: Pick<Draw, 'pick' | 'seed'>,
  most: number,
): { readonly draw: Draw; readonly bytes: () => number } {
  let bytes = 0;
  const counted = (field: string, shape: readonly number[], width: number): number => {
    const size = sizeOf(shape);
    bytes += size * width;
    if (bytes <= most) return size;
    throw new RangeError(
      `${field}: expected tensors of ${most} bytes together at most, a part of the memory that is free, got ${bytes} with [${shape.join(', ')}]`,
    );
  };
  const draw: Draw = {
    floats: (field, shape) => {
      const data = new Float32Array(counted(field, shape, 4));
      return { dtype: 'float32', shape, data };
    },
    integers: (field, shape) => {
      const data = new Int32Array(counted(field, shape, 4));
      return { dtype: 'int32', shape, data };
    },
    booleans: (field, shape) => {
      const data = new Uint8Array(counted(field, shape, 1));
      return { dtype: 'bool', shape, data };
    },
    pick,
    seed,
  };
  return { draw, bytes: () => bytes };
}
