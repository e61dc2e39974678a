// Wrong on purpose: no token has a probability.
export default {
  entries: {
    softmax: {
      run: ({ logits: { shape, data } }) => ({
        probabilities: { dtype: 'float32', shape, data: new Float32Array(data.length).fill(NaN) },
      }),
    },
  },
};
