/** A text with a title, as a reader files it. */
export interface Document {
  readonly title: string;
  readonly text: string;
}

/** What the demo reads: its tokens, its model and its index come from these texts alone. */
export const documents: readonly Document[] = [
  {
    title: 'The stone',
    text: 'A touchstone is a dark stone with a fine grain. The goldsmith draws the metal across it, and the metal leaves a thin streak. Gold leaves a yellow streak, copper a red one, silver a white one. What is the ring worth? The stone does not say. It says only whether the ring and the gold beside it leave the same streak, and that is enough to tell true gold from false. A good stone lasts longer than the goldsmith who buys it.',
  },
  {
    title: 'The needles',
    text: 'To judge a streak the goldsmith needs another to lay beside it. So he keeps a set of needles, each with a tip of known gold. One is pure, the next has a little copper in it, the one after that a little more. He draws the needle and the ring side by side and compares. The needle is the reference, the ring is on trial, and the eye is the judge. A needle that is wrong makes every ring wrong, so the needles are made first and with the greatest care.',
  },
  {
    title: 'The acid',
    text: 'An eye can be deceived, so the goldsmith adds a drop of acid. The acid eats the copper and the silver and leaves the gold. A false streak turns green and is gone, a true one stays as it was. The test is quick, it costs almost nothing, and the ring is none the worse for it. But the acid must be as strong as the gold is fine: a weak one lets false gold pass, and too strong a one eats what is true.',
  },
  {
    title: 'The fire',
    text: 'When much depends on the answer the goldsmith takes the slow way. He cuts a piece, weighs it, melts it with lead in a small cup of bone ash, and waits. The fire drives the lead and the copper into the ash, and a bright bead of gold is left. He weighs the bead. The fire is exact where the stone is fast, and whoever doubts the stone can ask the fire. No one melts every ring: the fire is there to prove the needles.',
  },
  {
    title: 'The vector',
    text: 'A vector is a row of numbers. It can stand for a word, a sentence or a whole page, and two texts that mean the same should lie near each other. To find a text, make a vector of the question and look for the vectors nearest to it. Near can mean a small angle or a small distance, and for vectors of length one the two agree. An index finds the nearest without looking at all of them, and sometimes it misses one.',
  },
  {
    title: 'The token',
    text: 'A model does not read letters. A text is cut into tokens, and each token is a number. The tokens are learned: the two that most often stand side by side become one, then the next two, until there are enough. What is cut must go together again without loss, or the model reads another text than the one that was written. A token that no one wrote should never appear in what the model is given.',
  },
  {
    title: 'The model',
    text: 'A model looks at the tokens so far and says how likely each token is to be the next. One of them is drawn, and the model looks again. It learns by being wrong: after each step its weights move a little, so that what was written becomes a little more likely. The weights are the model. Written to a file and read again they must be the same to the last bit, or it is another model with the same name.',
  },
];

/** What the demo asks of them. */
export const question = 'How does the goldsmith tell true gold from false?';
