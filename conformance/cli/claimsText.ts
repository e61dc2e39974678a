import { verdicts, type Decided } from '../claims/decide.ts';
import { countText } from '../claims/markdown.ts';
import { sectionOf } from '../claims/sections.ts';
import { componentsIn, correction, itemsText, readingTexts, saidText } from '../claims/shown.ts';
import { toWire } from '../interface/wire.ts';
import { wrap } from './text.ts';

/** Where a claim's line, its verdict and its words begin. */
const margin = ' '.repeat(18);

/** A claim and its verdict; below that its values, and where it does not simply hold why. */
function entry(decided: Decided, width: number): string {
  const { claim, verdict } = decided;
  const label = verdict === 'refuted' ? 'REFUTED' : verdict;
  const head = `${String(claim.line).padStart(6)}  ${label.padEnd(10)}`;
  const body = wrap(claim.claim, width, margin).slice(margin.length);
  const by = componentsIn(decided).join(', ');
  const lines = [
    ...readingTexts(decided),
    ...(verdict === 'confirmed' || claim.because === undefined ? [] : [claim.because]),
    `by ${by}`,
  ];
  const rest = lines.map((line) => `${wrap(line, width, `${margin}  `)}\n`).join('');
  return `${head}${body}\n${rest}`;
}

/** What a person reads: text by text, section by section. */
export function claimsText(decided: readonly Decided[], width: number): string {
  const parts = decided.map((one, i) => {
    const before = decided[i - 1]?.claim;
    const { text, line } = one.claim;
    const section = sectionOf(text, line);
    const isSame = before?.text === text && sectionOf(text, before.line) === section;
    const title = before?.text === text ? '' : `${i === 0 ? '' : '\n'}${text}.md\n`;
    return `${title}${isSame ? '' : `\n  ${section}\n`}${entry(one, width)}`;
  });
  return `${parts.join('')}\n${countText(decided)}\n`;
}

const one = (decided: Decided): object => {
  const { claim, verdict, readings, questions } = decided;
  const { id, text, line, said, because } = claim;
  return {
    id,
    text: `${text}.md`,
    section: sectionOf(text, line),
    line,
    claim: claim.claim,
    said,
    printed: saidText(said),
    verdict,
    readings: readings.map(({ when, items, holds }) => ({
      ...(when === '' ? {} : { when }),
      holds,
      value: itemsText(said, items),
      ...(holds ? {} : { right: correction(said, items) }),
    })),
    ...(because === undefined ? {} : { because }),
    questions: questions.map(({ component, input }) => ({
      component,
      input: toWire(input, 'readable'),
    })),
  };
};

/** The same for a machine. */
export const claimsJson = (decided: readonly Decided[]): object => ({
  touchstone: 1,
  counts: Object.fromEntries(
    verdicts.map((verdict) => [
      verdict,
      decided.filter((claim) => claim.verdict === verdict).length,
    ]),
  ),
  claims: decided.map(one),
});
