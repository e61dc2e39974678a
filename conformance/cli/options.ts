import type { Option } from './command.ts';

export const json: Option = { about: 'machine output alone on stdout, everything else on stderr' };
export const runs: Option = {
  takes: 'N',
  about: 'generated inputs a level, a fifth as many a law (default 100)',
};
export const seed: Option = {
  takes: 'N',
  about: 'an integer that all generated inputs follow from (default 20261121)',
};
export const timeout: Option = {
  takes: 'SECONDS',
  about: 'for one case of an adapter (default 10)',
};
export const jobs: Option = {
  takes: 'N',
  about:
    'how many components run side by side, each thread with an implementation of its own (default: the cores, and a GiB of memory each); 1: all in one. The results are the same',
};
/** Which implementation. */
export const subject = {
  implementation: {
    takes: 'NAME',
    about:
      'a bundled implementation (tfjs, the default; tfjs-cpu, tfjs-webgpu, tfjs-native, onnxruntime, hnswlib, hnswlib-replacing, usearch, lancedb, pgvector, tiktoken, gpt-tokenizer, huggingface, faiss, python-hnswlib, python-sentencepiece, sqlite-vec, reference, python-numpy, python-torch, javascript-template) or the path of a JavaScript module whose default export is one',
  },
  adapter: {
    takes: '"COMMAND"',
    about: 'a program that speaks the adapter protocol on stdin and stdout',
  },
} as const;

/** Which cases are put to it. */
export const cases = {
  ...subject,
  family: { takes: 'NAME', about: 'the components of one family alone, as list shows them' },
  level: {
    takes: 'LEVELS',
    about: 'which inputs, separated by commas: core, edge, scale, size (default core,edge,size)',
  },
  runs,
  seed,
  budget: {
    takes: 'SECONDS',
    about:
      'how much the level size puts, in nominal seconds a component (default 0.3; 10 for shapes): the cases follow from it and the seed, on every machine the same',
  },
  timeout,
  jobs,
  'known-failures': {
    takes: 'FILE.json',
    about:
      'what is known to be wrong, in place of what is shipped with the implementation: shown, and no failure; that one is gone is a failure',
  },
  corpus: {
    takes: 'FOLDER',
    about:
      'where failing inputs are kept, to be put first the next time (default .touchstone; none: they are not kept, nor those there put)',
  },
} as const;

/** Inputs of your own sizes, in place of everything else. */
export const shapes = {
  shape: {
    takes: "'AXIS=N …'",
    repeated: true,
    about:
      "inputs of these lengths alone, any number of times: by the axes that describe lists ('Lq=4096 D=128'), or by fields ('query=[8,32,4096,128]'); the other axes are as small as they get",
  },
  option: {
    takes: 'FIELD=VALUE',
    repeated: true,
    about: 'a field of them that is no tensor, any number of times: causal=true',
  },
  storage: { takes: 'FORMAT', about: 'what they are stored in, in place of what is declared' },
  'scale-of': { takes: 'X', about: 'multiplies the deviation of their numbers (default 1)' },
} as const;

export const strict: Option = {
  about: 'errors that are within their bounds but not those of independent roundings are failures',
};

export const force: Option = { about: 'write over files that are there' };

/** What an implementation is timed beside. */
export const against: Option = {
  takes: 'NAME-OR-COMMAND',
  about:
    'what it is timed beside: an implementation, a module, or the command of an adapter (default tfjs, or tfjs-cpu for tfjs itself; none: nothing is timed)',
};

/** Where the results go. */
export const written = {
  report: { takes: 'FILE.json', about: 'write the report there as results come' },
  junit: { takes: 'FILE.xml', about: 'write the results there as JUnit XML' },
} as const;

/** How recorded tensors are called, and what no file holds. */
export const recorded = {
  map: {
    takes: 'FIELD=NAME',
    repeated: true,
    about: 'the name that a file has for a field, any number of times: query=model.q',
  },
  set: {
    takes: 'FIELD=VALUE',
    repeated: true,
    about: 'a field that is no tensor, any number of times: causal=true',
  },
  option: { takes: 'FIELD=VALUE', repeated: true, about: 'the same, as check has it' },
} as const;
