import fc from 'fast-check';
import { combinationsOf } from '../../conformance/checking/claim.ts';
import { castTo } from '../../conformance/interface/cast.ts';
import { inProcess, type Kernel } from '../../conformance/interface/implementation.ts';
import { judge } from '../../conformance/judging/judge.ts';
import { references } from '../../reference/index.ts';
import { spec, type Name } from '../../spec/index.ts';
import { roundingOf, type DeclaredNumerics } from '../../spec/numerics.ts';

/** Inputs for each declaration. `DECLARED_RUNS=10000 npx vitest run test/honest/declared` puts so many. */
export const runs = Number(process.env['DECLARED_RUNS'] ?? 150);
const seed = Number(process.env['DECLARED_SEED'] ?? 1);

/** What came of a kernel. */
export interface Put {
  readonly used: number;
  readonly judged: number;
  /** The first refusal. */
  readonly refused?: string;
}

/** Inputs besides those of the levels, and the options that a kernel follows. */
interface Besides {
  readonly options?: Readonly<Record<string, readonly string[]>>;
  readonly inputs?: fc.Arbitrary<object>;
  readonly count?: number;
}

/** Puts generated inputs of every level to a kernel with its declaration: half of them its own, where there are any. */
export async function put<N extends Name>(
  name: N,
  kernel: Kernel<N>,
  numerics: DeclaredNumerics,
  { options = {}, inputs, count = runs }: Besides = {},
): Promise<Put> {
  const rounding = roundingOf(numerics);
  const implementation = inProcess({
    name: 'honest',
    version: '1',
    entries: { [name]: { run: kernel, numerics, options } },
  });
  const generated = fc.constantFrom(...combinationsOf(options)).chain((chosen) =>
    fc
      .constantFrom('core', 'edge', 'edge', 'scale')
      .chain((level) => spec[name].arbitrary(level, chosen, new Set()))
      .map((input): object => ({ ...input, ...chosen })),
  );
  const drawn = inputs === undefined ? generated : fc.oneof(inputs, generated);
  let [used, judged] = [0, 0];
  for (const raw of fc.sample(drawn, { numRuns: count, seed })) {
    const input = spec[name].input.parse(castTo(raw, rounding));
    const answer = await implementation.run(name, input, 1);
    if ('unsupported' in answer) continue;
    if (!('output' in answer)) return { used, judged, refused: JSON.stringify(answer) };
    const subject = { component: spec[name], reference: references[name] };
    const { verdict, decided } = judge(subject, input, answer.output, numerics);
    if (verdict.status !== 'pass')
      return {
        used,
        judged,
        refused: `${JSON.stringify(verdict)} for ${JSON.stringify(input).slice(0, 3000)}`,
      };
    used = Math.max(used, verdict.used);
    if (decided) judged += 1;
  }
  return { used, judged };
}
