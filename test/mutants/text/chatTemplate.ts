import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Asked = Input<'chatTemplate'>;
type Message = Asked['messages'][number];

const escaped = (content: string): string =>
  content.replaceAll(/<(\\*)\|/g, (_match, backslashes: string) => `<${backslashes}\\|`);

/** The steps of a template, each of which a mutant replaces. */
interface Steps {
  readonly escape: (content: string, role: Message['role']) => string;
  readonly turn: (role: string, content: string) => string;
  /** What stands behind the messages where an answer is asked for, and where none is. */
  readonly prompt: (isAsked: boolean, messages: readonly Message[]) => string;
}

const answer = '<|im_start|>assistant\n';
const sound: Steps = {
  escape: escaped,
  turn: (role, content) => `<|im_start|>${role}\n${content}<|im_end|>\n`,
  prompt: (isAsked) => (isAsked ? answer : ''),
};

/** A template with some of its steps changed. */
const template =
  (changed: Partial<Steps> = {}): Kernel<'chatTemplate'> =>
  ({ messages, addGenerationPrompt }) => {
    const { escape, turn, prompt } = { ...sound, ...changed };
    const turns = messages.map(({ role, content }) => turn(role, escape(content, role)));
    return { text: turns.join('') + prompt(addGenerationPrompt, messages) };
  };
const honest = template();

const escaping = (escape: Steps['escape']): Kernel<'chatTemplate'> => template({ escape });
const changedContents = (change: (content: string) => string): Kernel<'chatTemplate'> =>
  escaping((content) => escaped(change(content)));
const changedMessages = (
  change: (messages: readonly Message[]) => readonly Message[],
): Kernel<'chatTemplate'> =>
  withInput(honest, (input) => ({ ...input, messages: change(input.messages) }));

/** Messages of one role, one behind the other, as one. */
const together = (messages: readonly Message[]): readonly Message[] =>
  messages.reduce<readonly Message[]>((before, message) => {
    const last = before.at(-1);
    if (last?.role !== message.role) return [...before, message];
    return [
      ...before.slice(0, -1),
      { role: last.role, content: `${last.content}\n${message.content}` },
    ];
  }, []);

export const chatTemplate: Mutants<'chatTemplate'> = {
  honest,
  mutants: [
    {
      id: 'not-escaped',
      defect: 'tokenizer-decode-special-03',
      wrong: 'writes contents as they are',
      run: escaping((content) => content),
    },
    {
      id: 'breaks-at-control-tokens',
      defect: 'tokenizer-decode-special-03',
      wrong: 'fails where a content spells a control token',
      run: escaping((content) => {
        const found = /<\|\w+\|>/.exec(content)?.[0];
        if (found !== undefined) throw new Error(`${found} is a control token`);
        return escaped(content);
      }),
    },
    {
      id: 'own-tokens-alone',
      defect: 'tokenizer-decode-special-03',
      wrong: 'escapes the control tokens of the template alone',
      run: escaping((content) => content.replaceAll(/<(?=\\*\|im_(?:start|end)\|>)/g, '<\\')),
    },
    {
      id: 'users-alone',
      defect: 'tokenizer-decode-special-03',
      wrong: 'escapes what users say alone',
      run: escaping((content, role) => (role === 'user' ? escaped(content) : content)),
    },
    {
      id: 'control-tokens-removed',
      defect: 'tokenizer-decode-special-03',
      wrong: 'removes control tokens from contents',
      run: changedContents((content) => content.replaceAll(/<\|\w+\|>/g, '')),
    },
    {
      id: 'small-letters',
      defect: 'tokenizer-wordpiece-04',
      wrong: 'puts the contents in small letters',
      run: changedContents((content) => content.toLowerCase()),
    },
    {
      id: 'placeholders-in-turn',
      defect: 'rag-prompt-assembly-02',
      wrong:
        'fills the placeholder of the content first, then that of the role, in the content too',
      run: template({
        turn: (role, content) =>
          sound
            .turn('{role}', '{content}')
            .replace('{content}', () => content)
            .replaceAll('{role}', () => role),
      }),
    },
    {
      id: 'replacement-patterns',
      defect: 'classic',
      wrong: 'reads $& and $1 in contents, as String.replace does',
      run: template({
        turn: (role, content) => sound.turn(role, '(content)').replace('(content)', content),
      }),
    },
    {
      id: 'first-alone',
      defect: 'classic',
      wrong: 'escapes the first control token of a content alone',
      run: escaping((content) => content.replace(/<(?=\\*\|)/, '<\\')),
    },
    {
      id: 'escaped-stays',
      defect: 'classic',
      wrong: 'leaves what is escaped already, so that two contents have one text',
      run: escaping((content) => content.replaceAll('<|', '<\\|')),
    },
    {
      id: 'every-backslash',
      defect: 'classic',
      wrong: 'doubles the backslashes of contents',
      run: escaping((content) => content.replaceAll('\\', '\\\\').replaceAll('<|', '<\\|')),
    },
    {
      id: 'unseen-space',
      defect: 'classic',
      wrong: 'puts a space without width between < and |',
      run: escaping((content) => content.replaceAll('<|', '<\u200B|')),
    },
    {
      id: 'entities',
      defect: 'classic',
      wrong: 'writes < as HTML does',
      run: escaping((content) => content.replaceAll('<', '&lt;')),
    },
    {
      id: 'trimmed',
      defect: 'classic',
      wrong: 'trims contents',
      run: changedContents((content) => content.trim()),
    },
    {
      id: 'line-breaks',
      defect: 'classic',
      wrong: 'takes carriage returns out of contents',
      run: changedContents((content) => content.replaceAll('\r\n', '\n')),
    },
    {
      id: 'normalised',
      defect: 'classic',
      wrong: 'normalises contents by compatibility',
      run: changedContents((content) => content.normalize('NFKC')),
    },
    {
      id: 'always-prompted',
      defect: 'classic',
      wrong: 'prompts for an answer behind every message of a user',
      run: template({
        prompt: (isAsked, messages) => (isAsked || messages.at(-1)?.role === 'user' ? answer : ''),
      }),
    },
    {
      id: 'no-prompt-behind-answers',
      defect: 'classic',
      wrong: 'prompts for no answer where the last message is one',
      run: template({
        prompt: (isAsked, messages) =>
          isAsked && messages.at(-1)?.role !== 'assistant' ? answer : '',
      }),
    },
    {
      id: 'prompt-without-line-feed',
      defect: 'classic',
      wrong: 'leaves the line feed behind the prompt out',
      run: withOutput(honest, ({ text }, { addGenerationPrompt }) => ({
        text: addGenerationPrompt ? text.slice(0, -1) : text,
      })),
    },
    {
      id: 'no-line-feed-behind-messages',
      defect: 'classic',
      wrong: 'joins messages by line feeds, so that the last has none',
      run: withOutput(honest, ({ text }, { addGenerationPrompt }) => ({
        text: addGenerationPrompt ? text : text.replace(/\n$/, ''),
      })),
    },
    {
      id: 'system-added',
      defect: 'classic',
      wrong: 'begins with a system message of its own where there is none',
      run: changedMessages((messages) =>
        messages[0]?.role === 'system'
          ? messages
          : [{ role: 'system', content: 'You are a helpful assistant.' }, ...messages],
      ),
    },
    {
      id: 'empty-left-out',
      defect: 'classic',
      wrong: 'leaves empty messages out',
      run: changedMessages((messages) => messages.filter(({ content }) => content !== '')),
    },
    {
      id: 'put-together',
      defect: 'classic',
      wrong: 'makes one message of those of one role',
      run: changedMessages(together),
    },
  ],
};
