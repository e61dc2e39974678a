/** A module one of whose functions never comes back, nor lets anything else happen. */
export default {
  name: 'hanging',
  version: '1',
  entries: {
    softmax: {
      run: () => {
        for (;;);
      },
    },
    relu: { run: ({ input }) => ({ output: input }) },
  },
};
