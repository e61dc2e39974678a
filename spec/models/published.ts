/** GPT-2, the smallest: Radford et al., Language Models are Unsupervised Multitask Learners, 2019, table 2; its context and vocabulary are of §2.3. */
export const gpt2Small = {
  vocabulary: 50257,
  context: 1024,
  width: 768,
  layers: 12,
  heads: 12,
  feedForwardWidth: 3072,
} as const;

/** BERT-base, uncased: Devlin et al., BERT, 2018, §3; its vocabulary and context are those of google-research/bert. */
export const bertBase = {
  vocabulary: 30522,
  context: 512,
  width: 768,
  layers: 12,
  heads: 12,
  feedForwardWidth: 3072,
  segments: 2,
} as const;
