import { chatTemplate as spec } from '../../spec/text/chatTemplate.ts';
import { endToken, generationPrompt, startToken } from '../../spec/text/controlTokens.ts';
import { reference } from '../reference.ts';

/** One backslash more between < and |. */
const escaped = (content: string): string =>
  content.replaceAll(/<(\\*)\|/g, (_match, backslashes: string) => `<${backslashes}\\|`);

export const chatTemplate = reference(spec, (_arithmetic, { messages, addGenerationPrompt }) => {
  const turns = messages.map(
    ({ role, content }) => `${startToken}${role}\n${escaped(content)}${endToken}\n`,
  );
  return { text: turns.join('') + (addGenerationPrompt ? generationPrompt : '') };
});
