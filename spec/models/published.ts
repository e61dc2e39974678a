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

/** The base model of Vaswani et al., Attention is all you need, 2017, table 3: so many layers on either side; a vocabulary shared by both, of about 37,000 (§5.1). */
export const transformerBase = {
  vocabulary: 37000,
  context: 512,
  width: 512,
  layers: 6,
  heads: 8,
  feedForwardWidth: 2048,
} as const;
