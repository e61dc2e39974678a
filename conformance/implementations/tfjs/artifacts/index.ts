import type { Entries } from '../../../interface/implementation.ts';
import { safetensorsDecode } from './safetensorsDecode.ts';
import { safetensorsEncode } from './safetensorsEncode.ts';
import { reproducibilityBundle } from './reproducibilityBundle.ts';

export const artifacts: Entries = {
  safetensorsDecode,
  safetensorsEncode,
  reproducibilityBundle,
};
