// Wrong on purpose, in one way: what is not a number counts as a token that is excluded.
const softmaxOf = (row) => {
  const known = row.map((x) => (Number.isNaN(x) ? -Infinity : x));
  const largest = known.reduce((x, y) => Math.max(x, y), -Infinity);
  const weights = known.map((x) => Math.exp(x - largest));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
};

export default {
  name: 'blind',
  version: '2.7.1',
  entries: {
    softmax: {
      run: ({ logits: { shape, data } }) => {
        const width = shape.at(-1) || 1;
        const rows = Array.from({ length: data.length / width }, (_, i) =>
          softmaxOf(Array.from(data.slice(i * width, (i + 1) * width))),
        );
        return { probabilities: { dtype: 'float32', shape, data: new Float32Array(rows.flat()) } };
      },
    },
  },
};
