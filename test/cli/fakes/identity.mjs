/** A module that gives its input back, whatever was asked. */
const identity = { run: ({ input }) => ({ output: input }) };
export default { name: 'identity', version: '1', entries: { relu: identity, silu: identity } };
