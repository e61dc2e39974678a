// Wrong on purpose: every token is as likely as any other.
export default {
  name: 'uniform',
  version: '1',
  entries: {
    softmax: {
      run: ({ logits }) => {
        const width = logits.shape.at(-1);
        const data = new Float32Array(logits.data.length).fill(1 / width);
        return { probabilities: { dtype: 'float32', shape: logits.shape, data } };
      },
    },
  },
};
