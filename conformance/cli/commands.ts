import type { Command } from './command.ts';
import {
  against,
  cases,
  force,
  jobs,
  json,
  recorded,
  runs,
  seed,
  shapes,
  strict,
  subject,
  timeout,
  written,
} from './options.ts';

const any = { least: 0, most: Infinity, name: 'component' } as const;
const none = { least: 0, most: 0, name: '' } as const;

/** Every command by name. */
export const commands: Readonly<Record<string, Command>> = {
  check: {
    summary: 'judge an implementation',
    usage: 'check [component…] [options]',
    about:
      'Puts golden vectors, generated inputs, laws and invalid inputs to an implementation, and shows the smallest input of everything that went wrong. Without a component: all that it offers.',
    options: {
      ...cases,
      ...shapes,
      input: {
        takes: 'FILE',
        repeated: true,
        about:
          'a recorded input of the one component that is named, any number of times, each a case: .safetensors, .npz, .npy or .json, as judge takes it',
      },
      'only-input': { about: 'nothing but these inputs' },
      map: recorded.map,
      set: recorded.set,
      strict,
      'all-installed': {
        about: 'every bundled implementation that is installed, one after another, in one report',
      },
      shard: {
        takes: 'I/N',
        about:
          'only the part I of N parts of the run, the same cases every time; merge puts the reports of all parts together',
      },
      ...written,
      json,
    },
    operands: any,
    load: async () => (await import('./check.ts')).check,
  },
  baseline: {
    summary: 'record what a gate holds',
    usage: 'baseline [component…] --output FILE.json [options]',
    about:
      'Checks, and records of each component its verdict, the cases by level, worst and median used, laws, known failures, what is declared, and how fast it is beside another implementation, as a ratio at sizes of the level scale.',
    options: { output: { takes: 'FILE.json', about: 'where' }, ...cases, against, force, json },
    operands: any,
    load: async () => (await import('./baseline.ts')).baseline,
  },
  gate: {
    summary: 'fail when anything got worse',
    usage: 'gate --baseline FILE.json [component…] [options]',
    about:
      'Puts the recorded inputs again. The exit status is 1 where a verdict is worse, fewer cases are executed, something fails or is known to fail that did not, worst used is up, a declaration is looser, or it is slower. What is better is named, with the command that records it.',
    options: {
      baseline: { takes: 'FILE.json', about: 'what touchstone baseline wrote' },
      ...cases,
      against,
      slack: { takes: 'X', about: 'by how much worst used may be up (default 0.05)' },
      slower: {
        takes: 'PERCENT',
        about: 'by how much the ratio of times may be up, surely (default 10)',
      },
      junit: written.junit,
      markdown: { takes: 'FILE.md', about: 'write the changes there, for a pull request' },
      json,
    },
    operands: any,
    load: async () => (await import('./gate.ts')).gate,
  },
  merge: {
    summary: 'put the reports of shards together',
    usage: 'merge FILES… --report FILE.json [options]',
    about:
      'The reports of check --shard 1/N to N/N become the report of the whole run. A shard that is missing, there twice, unfinished, or of another run is an error. The exit status is that of the whole run.',
    options: { ...written, force, json },
    operands: { least: 1, most: Infinity, name: 'the reports of all shards' },
    load: async () => (await import('./merge.ts')).merge,
  },
  judge: {
    summary: 'judge recorded tensors',
    usage: 'judge COMPONENT --input FILE [--output FILE] [options]',
    about:
      'Judges an answer that was recorded, from files that end in .safetensors, .npz, .npy or .json: of any size, in parts where it is large. Tensors have the names of describe; one file may hold the input and the output. A failure shows the smallest part that is wrong: one query, one row.',
    options: {
      input: {
        takes: 'FILE',
        repeated: true,
        about: 'the input, any number of times where it is in several files',
      },
      output: {
        takes: 'FILE',
        repeated: true,
        about: 'the answer to it (default: it is in the file of the input)',
      },
      ...recorded,
      numerics: {
        takes: 'JSON-OR-FILE',
        about:
          'the arithmetic that is claimed, as an adapter declares it: \'{"accumulate":"float64"}\' (default: what is loosest and still sound; the storage is that of the output)',
      },
      budget: {
        takes: 'SECONDS',
        about: 'how much of a large answer is judged, in nominal seconds (default 3)',
      },
      seed: { takes: 'N', about: 'an integer that the choice of parts follows from' },
      strict,
      export: {
        takes: 'FILE',
        about:
          'write the part that is wrong there, its input and its answer: .safetensors, .npz or .json',
      },
      force,
      json,
    },
    operands: { least: 1, most: 1, name: 'COMPONENT' },
    load: async () => (await import('./judge.ts')).judge,
  },
  list: {
    summary: 'name the components',
    usage: 'list [--json]',
    about: 'Every component by family.',
    options: { json },
    operands: none,
    load: async () => (await import('./list.ts')).list,
  },
  describe: {
    summary: 'show what a component means',
    usage: 'describe COMPONENT [--json]',
    about: 'Formula, shapes, options, domain, laws, source and error bound of a component.',
    options: { json },
    operands: { least: 1, most: 1, name: 'COMPONENT' },
    load: async () => (await import('./describe.ts')).describe,
  },
  explain: {
    summary: 'follow a component step by step',
    usage: 'explain COMPONENT [options]',
    about:
      'The formula, the shapes, and a worked example with every step in proven digits, named as in the formula: computed by the reference that judges. With --break, a mutant that breaks a law, and the smallest input on which that is seen.',
    options: {
      input: {
        takes: 'FILE',
        about: 'an input of your own, in JSON as reference takes it, in place of the examples',
      },
      digits: { takes: 'N', about: 'significant digits, 1 to 50 (default 5)' },
      break: {
        takes: 'LAW',
        about: 'the sentence of a law, or the beginning of one; describe lists them',
      },
      json,
    },
    operands: { least: 1, most: 1, name: 'COMPONENT' },
    load: async () => (await import('./explain.ts')).explain,
  },
  mutants: {
    summary: 'show that wrong implementations are refused',
    usage: 'mutants [component…] [options]',
    about:
      'The kill matrix: every implementation that is wrong on purpose, what refused it, and after how many inputs; and every honest one, which must pass.',
    options: { runs, seed, jobs, json },
    operands: any,
    load: async () => (await import('./mutants.ts')).mutants,
  },
  vectors: {
    summary: 'build or verify the golden vectors',
    usage: 'vectors --verify | --write',
    about: 'Golden vectors with their certified answers, their checksums, and the JSON Schemas.',
    options: {
      verify: {
        about: 'build them again in memory, compare every byte, and name the first difference',
      },
      write: { about: 'build them and write them' },
    },
    operands: none,
    load: async () => (await import('./vectors.ts')).vectors,
  },
  replay: {
    summary: 'run one failing case again',
    usage: 'replay [TOKEN-OR-FILE] [options]',
    about:
      'A token runs the one case that it names; a report runs each of its failures, on the implementation that it was made of unless another is named; a file of the corpus its case, and a folder all that is in it. Without any: the corpus in .touchstone.',
    options: { ...subject, timeout },
    operands: { least: 0, most: 1, name: 'TOKEN-OR-FILE' },
    load: async () => (await import('./replay.ts')).replay,
  },
  recall: {
    summary: 'measure what a vector search finds',
    usage: 'recall --vectors FILE --queries FILE --found FILE [options]',
    about:
      'Finds the nearest of every query by looking at all vectors, exactly, and says how much of that a search found. Vectors that are exactly as near as the last of the k nearest are all right; an id that is found twice counts once. Files end in .fvecs, .ivecs, .bvecs, .npy or .safetensors (FILE#NAME where that holds several tensors).',
    options: {
      vectors: { takes: 'FILE', about: 'what is searched: a row each, whose position is its id' },
      queries: { takes: 'FILE', about: 'what is searched for: a row each' },
      found: {
        takes: 'FILE',
        about: 'what was found: the ids of a query in a row; −1 where nothing was',
      },
      metric: {
        takes: 'NAME',
        about: 'cosine or dot (more is nearer), or euclidean (less is nearer, the default)',
      },
      k: {
        takes: 'N',
        about: 'how many of each row of --found count (default all of its columns)',
      },
      floor: {
        takes: 'X',
        about:
          'exit 1 where the recall is surely below: where all of its 95 % interval is. Without it the exit status is 0',
      },
      json,
    },
    operands: none,
    load: async () => (await import('./recall.ts')).recall,
  },
  count: {
    summary: 'count the parameters of a checkpoint',
    usage: 'count --safetensors FILE [--config FILE] [--json]',
    about:
      'Reads the header of a .safetensors file, however large, and nothing of its data: its parameters by group and its memory by dtype; with a config also whether its tensors are those of the architecture, and which are missing, left over, or of another shape (exit status 1). Names are those of GPT-2 or BERT with any prefix, or of this suite.',
    options: {
      safetensors: { takes: 'FILE', about: 'the checkpoint' },
      config: {
        takes: 'FILE',
        about:
          'a config.json of gpt2 or bert, or the architecture that parameterCount takes (gpt, bert, encoderDecoder)',
      },
      json,
    },
    operands: none,
    load: async () => (await import('./count.ts')).count,
  },
  demo: {
    summary: 'go from a text to an answer, every stage judged',
    usage: 'demo [options]',
    about:
      'Learns tokens and a small decoder from texts of its own, saves it and reads it back, makes vectors of their passages, searches them for a question, and generates an answer: with the bundled tfjs alone, offline, in less than half a minute. Every stage is judged against the reference for the very input that it was given; where that would take minutes, on as much of it as the line says. The first that fails ends it (exit status 1). The same seed gives the same answer.',
    options: {
      seed: {
        takes: 'N',
        about: 'an integer that weights and choices follow from (default 20261121)',
      },
      steps: { takes: 'N', about: 'steps of training, 10 to 100000 (default 250); one is judged' },
      output: {
        takes: 'FOLDER',
        about:
          'keep what was learned, if all stages pass: tokenizer.json (as Hugging Face has it), config.json, model.safetensors. Nothing is kept without it',
      },
      force,
      json,
    },
    operands: none,
    load: async () => (await import('./demo.ts')).demo,
  },
  claims: {
    summary: 'judge what the source notes claim',
    usage: 'claims [--text NAME] [--json | --markdown]',
    about:
      'Every claim of the five texts that can be computed, decided by the exact reference as the command runs: confirmed where the exact value rounds to what is printed; refuted, with the right value; or depends, with each reading and its value. The exit status is 0 whatever the verdicts: they are about the texts, not about an implementation.',
    options: {
      text: { takes: 'NAME', about: 'the claims of one text alone, such as what-is-a-transformer' },
      json: {
        about: 'machine output alone on stdout, the whole input of every question in it',
      },
      markdown: { about: 'the page conformance/claims/README.md' },
    },
    operands: none,
    load: async () => (await import('./claims.ts')).claims,
  },
  reference: {
    summary: 'compute exact answers',
    usage:
      'reference [options] < questions.jsonl > answers.jsonl\nreference COMPONENT --input FILE --output FILE [--storage FORMAT]',
    about:
      'Reads lines {"id","component","input"} and answers each with {"id","output":{field:{"shape","digits"}}}, digits that are proven (|x| < 1e-9000 of what nothing tells from 0), or {"id","reject"}. With a component: reads recorded tensors (.safetensors, .npz, .npy, .json; as judge does), and writes the exact answer to them, rounded once to the storage format.',
    options: {
      input: {
        takes: 'FILE',
        repeated: true,
        about: 'an input, any number of times where it is in several files',
      },
      output: { takes: 'FILE', about: 'where the answer goes, by the ending of its name' },
      storage: {
        takes: 'FORMAT',
        about:
          'what it is rounded to: float64, float32, float16, bfloat16 (default: that of the input)',
      },
      ...recorded,
      force,
      digits: { takes: 'N', about: 'significant digits, 1 to 1000 (default 50)' },
      arithmetic: {
        takes: 'NAME',
        about:
          'certified (the default): every digit proven · doubleDouble: fast, as many digits as are proven · mathjs: as many as two precisions agree on',
      },
    },
    operands: { least: 0, most: 1, name: 'COMPONENT' },
    load: async () => (await import('./reference.ts')).reference,
  },
};
