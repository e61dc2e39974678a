import { texts, type Claim } from './claim.ts';
import { attentionEmbeddings } from './texts/attentionEmbeddings.ts';
import { transformerBlocks } from './texts/transformerBlocks.ts';
import { transformerDecoder } from './texts/transformerDecoder.ts';
import { transformerLayers } from './texts/transformerLayers.ts';
import { transformerTokens } from './texts/transformerTokens.ts';
import { vectorDatabases } from './texts/vectorDatabases.ts';
import { vectorsInLanguageModels } from './texts/vectorsInLanguageModels.ts';
import { weightsAttention } from './texts/weightsAttention.ts';
import { weightsClusters } from './texts/weightsClusters.ts';
import { weightsGeneration } from './texts/weightsGeneration.ts';
import { weightsHeads } from './texts/weightsHeads.ts';
import { weightsLayers } from './texts/weightsLayers.ts';
import { weightsQuantization } from './texts/weightsQuantization.ts';
import { weightsScale } from './texts/weightsScale.ts';
import { weightsSearch } from './texts/weightsSearch.ts';
import { weightsSimilarity } from './texts/weightsSimilarity.ts';

/** Every claim, text by text, in the order of its lines. */
export const claims: readonly Claim[] = [
  ...attentionEmbeddings,
  ...vectorDatabases,
  ...vectorsInLanguageModels,
  ...weightsAttention,
  ...weightsLayers,
  ...weightsHeads,
  ...weightsScale,
  ...weightsSearch,
  ...weightsClusters,
  ...weightsQuantization,
  ...weightsGeneration,
  ...weightsSimilarity,
  ...transformerBlocks,
  ...transformerLayers,
  ...transformerTokens,
  ...transformerDecoder,
].toSorted((a, b) => texts.indexOf(a.text) - texts.indexOf(b.text) || a.line - b.line);
