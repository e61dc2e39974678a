/** 10 tokens of width 3, as in the notes. */
const tokens = [10, 3];
const remark = 'Shapes alone: nothing is computed with the numbers.';

export const tenTokens = [
  {
    title: '10 tokens of width 3: Q = X W_q, after the notes',
    remark,
    input: { component: 'linear', shapes: { input: tokens, weight: [3, 3] } },
    printed: [{ of: 'output = σ([..., O])', values: ['10', '3'] }],
  },
  {
    title: '10 tokens of width 3: the attention that each pays to each, after the notes',
    remark,
    input: { component: 'attentionWeights', shapes: { query: tokens, key: tokens } },
    printed: [{ of: 'weights = σ([..., Lq, Lk])', values: ['10', '10'] }],
  },
  {
    title: '10 tokens of width 3: what attention makes of them, after the notes',
    remark,
    input: {
      component: 'scaledDotProductAttention',
      shapes: { query: tokens, key: tokens, value: tokens },
    },
    printed: [{ of: 'output = σ([..., Lq, E])', values: ['10', '3'] }],
  },
];

/** 768 dimensions in 8 codes of 8 bits. */
export const quantized = {
  title: '768 dimensions in 8 chunks of 256 prototypes each, after the notes',
  remark:
    'The formula that the notes print, d / (m log₂ k), leaves out the 32 bits of a component: it gives 12.',
  input: { dimension: 768, subvectors: 8, centroids: 256 },
  printed: [
    { of: 'D b, the bits of a vector', values: ['24576'] },
    { of: 'M ⌈log₂ K⌉, the bits of all codes', values: ['64'] },
    { of: 'D b / (M ⌈log₂ K⌉)', values: ['384'] },
  ],
};
