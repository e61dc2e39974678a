import type { Entry } from '../../../interface/implementation.ts';

const backslash = 0x5c;
const lessThan = 0x3c;

/** Whether nothing but backslashes stands between the end of a text and a <. */
function endsOpen(text: string): boolean {
  let end = text.length - 1;
  while (text.charCodeAt(end) === backslash) end -= 1;
  return text.charCodeAt(end) === lessThan;
}

/** Cut at every |: a part that ends in < and backslashes gets one more. A part is looked at from its end, so that no character is seen twice. */
function escaped(content: string): string {
  if (!content.includes('|')) return content;
  const parts = content.split('|');
  const last = parts.length - 1;
  return parts
    .map((part, i) => (i < last && endsOpen(part) ? `${part}\\|` : i < last ? `${part}|` : part))
    .join('');
}

/** Written on the host, from left to right. */
export const chatTemplate: Entry<'chatTemplate'> = {
  run: ({ messages, addGenerationPrompt }) => {
    let text = '';
    for (const { role, content } of messages)
      text += `<|im_start|>${role}\n${escaped(content)}<|im_end|>\n`;
    return { text: addGenerationPrompt ? `${text}<|im_start|>assistant\n` : text };
  },
};
