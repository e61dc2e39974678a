import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { hardTexts, shuffled, wordOf } from '../text/texts.ts';
import {
  documentsPlaceholder,
  promptLength,
  questionPlaceholder,
  type Assembling,
  type PromptDocument,
} from './prompts.ts';

/** What means something to one that fills templates, or to a model, and is text here. */
const injections: readonly string[] = [
  [questionPlaceholder, documentsPlaceholder, '{{', '}}', '{{{question}}}', '{{quest', 'ion}}'],
  ['{{ question }}', '{question}', '{{Documents}}', '{{other}}', '${question}', '%s', '{0}', '{}'],
  ['$&', '$1', '$$', '$`', "$'", '$<question>', '\\1', '\\n', '&amp;', '<b>', '"', "'"],
  ['<|system|>', '<|im_end|>', 'System:', '\n\nHuman: ', '### Question', '[INST]', '---'],
  ['\n\n', '\n', ' ', '\u0000', '\u{1F600}', 'e\u0301', '\u2028'],
].flat();

const values = (level: Level): Arbitrary<string> => {
  const text = level === 'scale' ? longer : hardTexts(level);
  return fc
    .tuple(fc.constantFrom(...injections, ''), text, fc.constantFrom(...injections, ''))
    .map((parts) => parts.join(''));
};

/** Long texts of few letters. */
const longer: Arbitrary<string> = fc
  .tuple(
    fc.nat(),
    fc.constantFrom(0, 63, 64, 255, 601),
    fc.constantFrom('ab ', 'a{}', '\u{1F600}x', '\n.$&'),
  )
  .map(([seed, length, letters]) => wordOf(seed, length, letters));

/** The two placeholders, once or more, among other pieces in any order. */
const templates = (level: Level): Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom(1, 1, 1, 2, 3),
      fc.constantFrom(1, 1, 1, 2, 3),
      fc.array(level === 'core' ? fc.constantFrom(...plainPieces) : fc.constantFrom(...odd), {
        maxLength: 5,
      }),
    )
    .map(([seed, questions, documents, pieces]) =>
      shuffled(
        [
          ...Array.from({ length: questions }, () => questionPlaceholder),
          ...Array.from({ length: documents }, () => documentsPlaceholder),
          ...pieces,
        ],
        randomStream(seed),
      ).join(''),
    );

const plainPieces = [
  'Answer from this:\n',
  '\nQuestion: ',
  '\nAnswer:',
  'Sources:\n\n',
  ' ',
  '\u{1F4DA}',
];
const odd = [...plainPieces, ...injections];

/** Texts that come more than once, and such as hold nothing. */
const poor = fc.constantFrom('', '', ' ', '\n\n', 'same', 'same');

const documentsOf = (level: Level): Arbitrary<readonly PromptDocument[]> =>
  fc
    .tuple(
      fc.nat(),
      fc.array(fc.oneof({ weight: 4, arbitrary: values(level) }, { weight: 1, arbitrary: poor }), {
        minLength: level === 'scale' ? 8 : 0,
        maxLength: level === 'scale' ? 24 : 5,
      }),
    )
    .map(([seed, texts]) => {
      const next = randomStream(seed);
      const ids = shuffled(
        texts.map((_, i) => 3 * i),
        next,
      );
      return texts.map((text, i) => ({ id: ids[i] ?? 0, text }));
    });

/** A budget that so many documents fit in, and another; or by which one character is missing. */
export const promptInputs = (level: Level): Arbitrary<Assembling> =>
  fc
    .record({
      template: templates(level),
      question: values(level),
      documents: documentsOf(level),
      part: fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
      off: fc.constantFrom(-1, 0, 0, 1, 2, 7, 1000),
    })
    .map(({ part, off, ...asked }) => {
      const fitting = promptLength(asked, Math.round(part * asked.documents.length));
      return { ...asked, budget: Math.max(1, promptLength(asked, 0), fitting + off) };
    });
