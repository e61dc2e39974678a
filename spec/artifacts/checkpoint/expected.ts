import type { Architecture } from '../../accounting/architecture.ts';
import type { ParameterGroup } from '../../accounting/parameterTensors.ts';
import type { Row } from './names.ts';
import type { Named } from './recognise.ts';

/** A tensor that a checkpoint of an architecture has. */
export interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
  readonly group: ParameterGroup;
}

const isThere = ({ when }: Row, architecture: Architecture): boolean => {
  switch (when) {
    case 'always':
      return true;
    case 'buffer':
      return false;
    case 'biases':
      return architecture.biases;
    case 'untied':
      return architecture.family === 'gpt' && !architecture.tiedOutput;
    case 'pooler':
      return architecture.family === 'bert' && architecture.pooler;
  }
};

/** A bias of a pooler goes with those of the other linear layers. */
const hasBias = ({ when, name }: Row, { biases }: Architecture): boolean =>
  biases || when !== 'pooler' || !name.endsWith('bias');

/** Every tensor of an architecture, as a naming names it. What is left out of a checkpoint, or shared, is not there twice. */
export function expectedTensors(
  architecture: Architecture,
  { naming, prefix }: Named,
): readonly Expected[] {
  const { vocabulary, context, width, feedForwardWidth, layers } = architecture;
  const lengths = {
    V: vocabulary,
    C: context,
    D: width,
    F: feedForwardWidth,
    S: architecture.family === 'bert' ? architecture.segments : 0,
    '3D': 3 * width,
    '1': 1,
  };
  return naming.rows
    .filter((row) => isThere(row, architecture) && hasBias(row, architecture))
    .flatMap(({ name, shape, group, isOutside }) => {
      const full = `${isOutside ? '' : prefix}${name}`;
      const copies = name.includes('#') ? layers : 1;
      return Array.from({ length: copies }, (_, layer) => ({
        name: full.replace('#', () => String(layer)),
        shape: shape.map((letter) => lengths[letter]),
        group,
      }));
    });
}
