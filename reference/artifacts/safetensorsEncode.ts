import { contentOf, uint8 } from '../../spec/artifacts/content.ts';
import { writeSafetensors } from '../../spec/artifacts/file.ts';
import { safetensorsEncode as spec } from '../../spec/artifacts/safetensorsEncode.ts';
import { reference } from '../reference.ts';

export const safetensorsEncode = reference(spec, (_arithmetic, parts) => ({
  bytes: uint8(writeSafetensors(contentOf(parts))),
}));
