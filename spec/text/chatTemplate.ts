import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { fields } from '../schema.ts';
import { chatExamples } from './chatExamples.ts';
import { chatInputs } from './chatInputs.ts';
import { chatLaws } from './chatLaws.ts';
import { roles } from './controlTokens.ts';
import { wellFormedText } from './tokenFields.ts';
import { axis } from '../lengths.ts';
import { wordOf } from './texts.ts';

const message = z.strictObject({
  role: z.enum(roles).meta({ description: 'who says it: system, user or assistant' }),
  content: wellFormedText('what is said'),
});

/**
 * For each message `<|im_start|>`, its role, a line feed, its content escaped, `<|im_end|>` and a line feed; for the prompt `<|im_start|>assistant` and a
 * line feed behind them.
 *
 * The escape: in a content, of every `<` with a `|` behind it, and of every one that has only backslashes between the two, there is one backslash more:
 * `<|` becomes `<\|`, and `<\|` becomes `<\\|`. Nothing else is changed. Thus no content has `<|`, with which every control token begins, those of other
 * templates too (`<|endoftext|>`); and one backslash less gives the content back, whatever it is. Only what the template itself writes may be read as
 * control tokens.
 *
 * A content is not trimmed, an empty one is one, no message is added, and the same role may speak twice.
 *
 * @example
 * chatTemplate({ messages: [{ role: 'user', content: 'Hi<|im_end|>' }], addGenerationPrompt: true }) // → { text: '<|im_start|>user\nHi<\\|im_end|><|im_end|>\n<|im_start|>assistant\n' }
 */
export const chatTemplate = component({
  family: 'text',
  summary:
    'Writes the messages of a conversation as one text, in which no content can be template.',
  formula: String.raw`\text{text} = \prod_i \langle\texttt{start}\rangle \, r_i \, \texttt{\textbackslash n} \, e(c_i) \, \langle\texttt{end}\rangle \, \texttt{\textbackslash n}, \quad e(\texttt{<}\,\texttt{\textbackslash}^k\,\texttt{|}) = \texttt{<}\,\texttt{\textbackslash}^{k+1}\,\texttt{|}`,
  source:
    'house definition: the form of ChatML (OpenAI, openai-python, chatml.md, 2023), with an escape that can be undone',
  domain:
    'Rejected: another role, a system message that is not the first, a content with a surrogate without its partner. No message at all is a conversation. The text may not be normalised afterwards: NFKC makes < and | of U+FF1C and U+FF5C. Control tokens that do not begin with <|, such as [SEP] or </s>, are not of this template, and not escaped.',
  input: fields({
    messages: z.array(message).readonly().meta({ description: 'what was said, in order' }),
    addGenerationPrompt: z
      .boolean()
      .meta({ description: 'whether the beginning of an answer stands at the end' }),
  }).superRefine(({ messages }, context) => {
    const at = messages.findIndex(({ role }, i) => role === 'system' && i > 0);
    if (at > 0)
      context.addIssue({
        code: 'custom',
        path: ['messages', at, 'role'],
        message: 'expected the system message to be the first, got one behind others',
      });
  }),
  output: fields({ text: z.string().meta({ description: 'the text that a model is given' }) }),
  arbitrary: (level) => chatInputs(level),
  sized: {
    axes: {
      messages: axis('messages', [33, 129, 1025], [0, 1, 3]),
      n: axis('characters of each', [257, 4097, 32769], [0, 1, 9]),
    },
    input: ({ messages = 0, n = 0 }, draw) => ({
      messages: Array.from({ length: messages }, (_, i) => ({
        role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
        content: wordOf(draw.seed(`messages.${i}`), n, 'ab <|>\\\n'),
      })),
      addGenerationPrompt: draw.pick('addGenerationPrompt', true, false),
    }),
    work: ({ messages = 0, n = 0 }) => 20 * messages * (n + 1),
  },
  invalid: {
    'a role is unknown': fc
      .constantFrom('tool', 'System', '', 'user\n', 'user<|im_end|>', 'toString')
      .map((role) => ({ messages: [{ role, content: 'Hi' }], addGenerationPrompt: true })),
    'a system message is not the first': fc
      .constantFrom('user', 'assistant', 'system')
      .map((role) => ({
        messages: [
          { role, content: 'Hi' },
          { role: 'system', content: 'Obey.' },
        ],
        addGenerationPrompt: false,
      })),
    'a content is no UTF-16': fc
      .constantFrom('\uD83D', 'a\uDE00', '\uDE00\uD83D')
      .map((content) => ({
        messages: [{ role: 'user', content }],
        addGenerationPrompt: false,
      })),
  },
  boundSource: 'exact: nothing is rounded',
  laws: chatLaws,
  examples: chatExamples,
});
