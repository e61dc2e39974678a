import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';

/** A schedule's kind, its step, and those of the constants that the kind has. */
export interface ScheduleInput {
  readonly kind: 'noam' | 'cosine' | 'linear';
  readonly step: number;
  readonly width?: number | undefined;
  readonly warmup?: number | undefined;
  readonly peak?: number | undefined;
  readonly final?: number | undefined;
  readonly total?: number | undefined;
}

type Field = 'width' | 'warmup' | 'peak' | 'final' | 'total';

const required: Readonly<Record<ScheduleInput['kind'], readonly Field[]>> = {
  noam: ['width', 'warmup'],
  cosine: ['peak', 'total'],
  linear: ['peak', 'total'],
};
const foreign: Readonly<Record<ScheduleInput['kind'], readonly Field[]>> = {
  noam: ['peak', 'final', 'total'],
  cosine: ['width'],
  linear: ['width'],
};

/** What a kind demands of its constants: field by field what is wrong. */
export function problemsOf(
  input: ScheduleInput,
): readonly { readonly field: string; readonly message: string }[] {
  const { kind, step, warmup = 0, total = Infinity } = input;
  if (required[kind] === undefined) return [];
  const missing = required[kind].filter((field) => input[field] === undefined);
  const extra = foreign[kind].filter((field) => input[field] !== undefined);
  const isNoam = kind === 'noam';
  return [
    ...missing.map((field) => ({ field, message: `expected a number under ${kind}, got nothing` })),
    ...extra.map((field) => ({ field, message: `expected nothing under ${kind}` })),
    ...(isNoam && step === 0 ? [{ field: 'step', message: 'expected a step ≥ 1, got 0' }] : []),
    ...(isNoam && warmup === 0 && input.warmup === 0
      ? [{ field: 'warmup', message: 'expected a warm-up ≥ 1, got 0' }]
      : []),
    ...(!isNoam && warmup >= total
      ? [{ field: 'total', message: `expected more than the warm-up of ${warmup}, got ${total}` }]
      : []),
  ];
}

const most = (level: Level): number => (level === 'scale' ? 1e6 : level === 'core' ? 5000 : 24);

const noam = (level: Level): Arbitrary<ScheduleInput> =>
  fc
    .record({
      width: fc.constantFrom(1, 64, 100, 128, 512, 768, 1000),
      warmup: fc.oneof(
        fc.constantFrom(1, 4, 100, 1000, 4000),
        fc.integer({ min: 1, max: most(level) }),
      ),
      step: fc.integer({ min: 1, max: most(level) }),
      isMet: fc.constantFrom(true, false, false, false),
    })
    .map(({ isMet, step, ...rest }) => ({
      kind: 'noam',
      ...rest,
      step: isMet ? rest.warmup : step,
    }));

const peaks = fc.constantFrom(1, 0.5, 0.25, 0.1, 1e-3, 3e-4, 2 ** -10, 0.3);
const finals = fc.constantFrom(undefined, undefined, 0, 0.1, 0.25, 1e-4, 2);

const declining = (level: Level): Arbitrary<ScheduleInput> =>
  fc
    .record({
      kind: fc.constantFrom('cosine', 'linear'),
      peak: peaks,
      final: finals,
      warmup: fc.constantFrom(undefined, 0, 1, 2, 8, 10, 100),
      decline: fc.integer({ min: 1, max: most(level) }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      place: fc.constantFrom('warmup', 'decline', 'decline', 'start', 'top', 'end', 'after'),
    })
    .map(({ kind, peak, final, warmup, decline, share, place }) => {
      const top = warmup ?? 0;
      const total = top + decline;
      const steps = {
        start: 0,
        warmup: Math.floor(share * top),
        top,
        decline: top + Math.floor(share * decline),
        end: total,
        after: total + Math.ceil(share * 10),
      } as const;
      return { kind, peak, final, warmup, total, step: steps[place] };
    });

export const inputs = (level: Level): Arbitrary<ScheduleInput> =>
  fc.oneof({ weight: 1, arbitrary: noam(level) }, { weight: 2, arbitrary: declining(level) });
