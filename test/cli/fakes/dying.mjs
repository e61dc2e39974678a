/** A module whose functions end their thread: at once, and by an error that nobody catches. */
export default {
  name: 'dying',
  version: '1',
  entries: {
    softmax: { run: () => process.exit(7) },
    silu: {
      run: async () => {
        setImmediate(() => {
          throw new Error('nobody catches this');
        });
        return new Promise(() => {});
      },
    },
    relu: {
      run: ({ input }) => ({
        output: { ...input, data: input.data.map((x) => (x < 0 ? 0 : x)) },
      }),
    },
  },
};
