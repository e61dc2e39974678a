import { withOutput, type Mutants } from '../mutant.ts';

type KvCacheMemory = Mutants<'kvCacheMemory'>['honest'];
const honest: KvCacheMemory = ({ layers, kvHeads, headWidth, tokens, batch, bits }) => ({
  bytes: (2 * layers * kvHeads * headWidth * tokens * batch * bits) / 8,
});
const changed = (change: Parameters<typeof withOutput<'kvCacheMemory'>>[1]): KvCacheMemory =>
  withOutput(honest, change);

export const kvCacheMemory: Mutants<'kvCacheMemory'> = {
  honest,
  mutants: [
    {
      id: 'keys-alone',
      defect: 'classic',
      wrong: 'counts keys, and forgets values',
      run: changed(({ bytes }) => ({ bytes: bytes / 2 })),
    },
    {
      id: 'one-sequence',
      defect: 'classic',
      wrong: 'forgets the batch',
      run: changed(({ bytes }, { batch }) => ({ bytes: bytes / batch })),
    },
    {
      id: 'one-layer',
      defect: 'classic',
      wrong: 'forgets the layers',
      run: changed(({ bytes }, { layers }) => ({ bytes: bytes / layers })),
    },
    {
      id: 'one-head',
      defect: 'classic',
      wrong: 'takes the head’s width for that of all heads',
      run: changed(({ bytes }, { kvHeads }) => ({ bytes: bytes / kvHeads })),
    },
    {
      id: 'bits-as-bytes',
      defect: 'classic',
      wrong: 'does not divide by 8',
      run: changed(({ bytes }) => ({ bytes: 8 * bytes })),
    },
    {
      id: 'whole-bytes',
      defect: 'classic',
      wrong: 'gives every number whole bytes',
      run: changed(({ bytes }, { bits }) => ({ bytes: (bytes / bits) * 8 * Math.ceil(bits / 8) })),
    },
    {
      id: 'tokens-squared',
      defect: 'classic',
      wrong: 'counts the scores, which are not cached',
      run: changed(({ bytes }, { tokens }) => ({ bytes: bytes * tokens })),
    },
    {
      id: 'wraps',
      defect: 'classic',
      wrong: 'counts in 32-bit integers',
      run: changed(({ bytes }) => ({ bytes: bytes % 2 ** 32 })),
    },
    {
      id: 'float32',
      defect: 'classic',
      wrong: 'counts in float32',
      run: changed(({ bytes }) => ({ bytes: Math.fround(bytes) })),
    },
  ],
};
