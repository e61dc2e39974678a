import { readFileSync } from 'node:fs';
import { build } from 'rolldown';

/** Packages of many small modules: they are copied into the bundle, and so are their licences. */
const bundled = ['zod', 'fast-check', 'pure-rand'];

/** Packages in one large CommonJS file: as `import` has it, Node reads all of it once more, for names of exports. */
const required = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-cpu',
  'gmp-wasm',
];

const packageOf = (id) => /^(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? id;
const byRequire = 'by-require:';

const requires = {
  name: 'requires',
  resolveId: (id, importer) => {
    if (!required.includes(id)) return undefined;
    return importer?.startsWith(byRequire) ? { id, external: true } : byRequire + id;
  },
  load: (id) =>
    id.startsWith(byRequire)
      ? `module.exports = require(${JSON.stringify(id.slice(byRequire.length))});`
      : undefined,
};

const licences = {
  name: 'licences',
  generateBundle() {
    const texts = bundled.map(
      (name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`,
    );
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n\n') });
  },
};

/**
 * The command line, its threads and the library as a few files: Node takes a millisecond to find, read and link each of a thousand modules. All lie in one
 * folder, as threads are found beside the file that starts them. What they share is there once: a module under test gets the classes that the command
 * line knows.
 */
await build({
  input: {
    main: 'conformance/cli/main.ts',
    checkThread: 'conformance/cli/jobs/checkThread.ts',
    mutantsThread: 'conformance/cli/jobs/mutantsThread.ts',
    worker: 'conformance/recall/worker.ts',
    index: 'conformance/index.ts',
    vitest: 'conformance/vitest/index.ts',
  },
  platform: 'node',
  logLevel: 'warn',
  external: (id) =>
    !id.startsWith('.') &&
    !id.startsWith('/') &&
    !id.startsWith(byRequire) &&
    !required.includes(id) &&
    !bundled.includes(packageOf(id)),
  plugins: [requires, licences],
  output: {
    dir: 'dist/bundle',
    cleanDir: true,
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
  },
});
