/** Pairs of a command and its sign, in a text. */
const pairs = (text: string): readonly (readonly [string, string])[] =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)] as const);

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** What stands for a command of LaTeX that applies to nothing. */
export const symbols: ReadonlyMap<string, string> = new Map([
  ...pairs('sum:Σ prod:∏ bigcup:⋃ bigsqcup:⨆ partial:∂ nabla:∇ top:ᵀ infty:∞ ell:ℓ dots:… cdots:⋯'),
  ...pairs('cdot:· odot:⊙ circ:∘ le:≤ ge:≥ in:∈ notin:∉ mid:| cup:∪ cap:∩ subseteq:⊆ wedge:∧'),
  ...pairs('iff:⇔ parallel:‖ Vert:‖ leftarrow:← lVert:‖ rVert:‖ lvert:| rvert:| {:{ }:} #:#'),
  ...pairs('lceil:⌈ rceil:⌉ lfloor:⌊ rfloor:⌋ langle:⟨ rangle:⟩'),
  ...pairs('alpha:α beta:β gamma:γ eta:η theta:θ lambda:λ mu:μ pi:π sigma:σ tau:τ'),
  ...pairs('varepsilon:ε varphi:φ Phi:Φ'),
  ...pairs('left: right: bigl: bigr: Bigl: Bigr: textstyle: !:'),
  ...[',', ';', ' ', 'quad'].map((space) => [space, ' '] as const),
  ['\\', '; '],
]);

/** Signs between two operands. */
export const operators = words(
  'cdot odot circ le ge in notin mid cup cap subseteq wedge iff parallel Vert leftarrow',
);

/** After these no space is meant, and none before those. */
export const opening = words('lVert lvert lceil lfloor left bigl Bigl partial textstyle !');
export const closing = words('rVert rvert rceil rfloor');

/** Names of functions, which stand apart from what they are applied to. */
export const functions = words('max min log exp sin cos tanh erfc arg');

export const accents: ReadonlyMap<string, string> = new Map([
  ['hat', '\u0302'],
  ['tilde', '\u0303'],
]);

/** What separates the columns of an environment. */
export const environments: ReadonlyMap<string, string> = new Map([
  ['cases', ' for '],
  ['aligned', ''],
  ['pmatrix', ', '],
]);
