import { safetensorsDecode } from './safetensorsDecode.ts';
import { safetensorsEncode } from './safetensorsEncode.ts';
import { reproducibilityBundle } from './reproducibilityBundle.ts';

/** To add a component: one file in this folder, one line in this list. */
export const artifacts = {
  safetensorsDecode,
  safetensorsEncode,
  reproducibilityBundle,
};
