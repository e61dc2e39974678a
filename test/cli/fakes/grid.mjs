// A grid of blocks ends at 65,535: rows beyond stay as they are.
export default {
  name: 'grid',
  version: '1',
  entries: {
    shiftRight: {
      run: ({ ids, start }) => {
        const width = ids.shape[1] ?? 0;
        const data = Int32Array.from(ids.data, (id, i) =>
          i >= 65_535 * width ? id : i % width === 0 ? start : ids.data[i - 1],
        );
        return { ids: { ...ids, data } };
      },
    },
  },
};
