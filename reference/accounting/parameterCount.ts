import { parameterCount as spec } from '../../spec/accounting/parameterCount.ts';
import {
  parametersOf,
  parameterTensors,
  type ParameterGroup,
} from '../../spec/accounting/parameterTensors.ts';
import { reference } from '../reference.ts';

export const parameterCount = reference(spec, (_arithmetic, { architecture }) => {
  const tensors = parameterTensors(architecture);
  const inGroup = (group: ParameterGroup) =>
    Number(parametersOf(tensors.filter((one) => one.group === group)));
  return {
    total: Number(parametersOf(tensors)),
    groups: {
      tokenEmbedding: inGroup('tokenEmbedding'),
      positionEmbedding: inGroup('positionEmbedding'),
      segmentEmbedding: inGroup('segmentEmbedding'),
      attention: inGroup('attention'),
      feedForward: inGroup('feedForward'),
      layerNorm: inGroup('layerNorm'),
      pooler: inGroup('pooler'),
      output: inGroup('output'),
    },
  };
});
