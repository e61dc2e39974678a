import { safetensorsDecode } from './safetensorsDecode.ts';
import { safetensorsEncode } from './safetensorsEncode.ts';
import { reproducibilityBundle } from './reproducibilityBundle.ts';

export const artifacts = {
  safetensorsDecode,
  safetensorsEncode,
  reproducibilityBundle,
};
