import { partsOf } from '../../spec/artifacts/content.ts';
import { readSafetensors } from '../../spec/artifacts/file.ts';
import { safetensorsDecode as spec } from '../../spec/artifacts/safetensorsDecode.ts';
import { reference } from '../reference.ts';

export const safetensorsDecode = reference(spec, (_arithmetic, { bytes }) =>
  partsOf(readSafetensors(Uint8Array.from(bytes.data))),
);
