import { freemem } from 'node:os';
import { drawOf, measuring } from '../../spec/draw.ts';
import { spec, type Name } from '../../spec/index.ts';
import { roundingOf } from '../../spec/numerics.ts';
import type { FloatDtype } from '../../spec/tensor.ts';
import type { Asked } from './asked.ts';
import { inputOf } from './recipe.ts';

/** An input, a copy of it for whoever is judged, the answer, and what is judged at a time. */
const copies = 4;

/** Inputs of so many bytes are made to see whether they are valid; of larger ones the small ones with the same fields are. */
const mostTried = 2 ** 22;

/**
 * What is wrong with a shape before anything is put: lengths that contradict each other, fields that are not valid, more memory than there is.
 *
 * @throws RangeError
 */
export function checkFeasible(name: Name, asked: Asked, storage: FloatDtype = 'float32'): void {
  const { sized } = spec[name];
  if (sized === undefined) throw new RangeError(`${name}: inputs of any size are not made`);
  const most = Math.floor(freemem() / copies);
  const { draw, bytes } = measuring(drawOf({ seed: 0, storage }), most);
  sized.input(asked.lengths, draw, {});
  const least = Object.entries(sized.axes).map(
    ([axis, { small, large }]) => [axis, small[0] ?? large[0] ?? 1] as const,
  );
  const isSmall = bytes() <= mostTried;
  const { given = {}, leading } = asked;
  const made = inputOf(
    name,
    {
      lengths: isSmall ? asked.lengths : Object.fromEntries(least),
      seed: 0,
      textured: false,
      scale: 1,
      options: {},
      given,
      ...(isSmall && leading !== undefined ? { leading: [...leading] } : {}),
      blank: [],
    },
    roundingOf({ storage }),
  );
  const parsed = spec[name].input.safeParse(made);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  throw new RangeError(
    `${[name, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'not valid'}`,
  );
}
