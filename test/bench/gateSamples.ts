import { tfjs } from '../../conformance/implementations/tfjs/index.ts';
import { pairsOf, ratios, rounds } from '../../conformance/gate/timing.ts';
import timed from './gateKernel.ts';

/** Prints series of ratios of this process, at each size: `SLOWER=0.2 node dist/test/bench/gateSamples.js`. */
const partner = await tfjs('wasm');
const pairs = await pairsOf('softmax', [timed, partner], { seed: 20261121, timeoutSeconds: 10 });
const series = [];
for (const { size, call, partner: other } of pairs)
  for (const seed of [1, 2])
    series.push({
      size,
      ratios: (
        await ratios(call, other, { seed, isEnough: (so) => so.length >= 2 * rounds.together })
      ).map((ratio) => Number(ratio.toPrecision(4))),
    });
process.stdout.write(`${JSON.stringify(series)}\n`);
process.exit(0);
