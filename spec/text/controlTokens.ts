export const roles = ['system', 'user', 'assistant'] as const;

export interface Message {
  readonly role: (typeof roles)[number];
  readonly content: string;
}
export interface Chat {
  readonly messages: readonly Message[];
  readonly addGenerationPrompt: boolean;
}

/** What every control token begins with, and no content has in a template's text. */
export const opening = '<|';
export const startToken = '<|im_start|>';
export const endToken = '<|im_end|>';
/** What an answer begins with. */
export const generationPrompt = `${startToken}assistant\n`;

/** The content that an escaped one stands for: one backslash fewer between < and |. */
export const unescaped = (text: string): string =>
  text.replaceAll(/<\\(\\*)\|/g, (_match, rest: string) => `<${rest}|`);

/** The role and the rest of what is behind the opening of a start token, or nothing. */
function headOf(piece: string): { role: Message['role']; rest: string } | undefined {
  const start = startToken.slice(opening.length);
  const role = roles.find((one) => piece.startsWith(`${start}${one}\n`));
  return role && { role, rest: piece.slice(start.length + role.length + 1) };
}

/** The messages that a text says, or nothing where it is no text of a template. */
export function readBack(text: string): Chat | undefined {
  const [before, ...pieces] = text.split(opening);
  const messages: Message[] = [];
  if (before !== '') return undefined;
  for (let i = 0; i < pieces.length; i += 2) {
    const head = headOf(pieces[i] ?? '');
    const end = pieces[i + 1];
    if (head === undefined) return undefined;
    if (end === undefined)
      return head.role === 'assistant' && head.rest === ''
        ? { messages, addGenerationPrompt: true }
        : undefined;
    if (opening + end !== `${endToken}\n`) return undefined;
    messages.push({ role: head.role, content: unescaped(head.rest) });
  }
  return { messages, addGenerationPrompt: false };
}
