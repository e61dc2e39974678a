import { quoted } from '../cli/text.ts';
import { inPackage } from '../root.ts';

/** A Python adapter that is shipped as a source file. */
interface PythonAdapter {
  readonly folder: string;
  /** Python that runs wherever what the adapter needs is there. */
  readonly needs: string;
  /** What is missing otherwise, and where it comes from. */
  readonly none: string;
  readonly operands?: readonly string[];
}

/** Where a Python with modules may be: the one on the path, or Debian's. */
export const pythons = ['python3', '/usr/bin/python3'] as const;

/** A command that starts an adapter with the first Python that has what it needs, or says what is missing. */
export function pythonCommand({ folder, needs, none, operands = [] }: PythonAdapter): string {
  const adapter = [inPackage('conformance', 'implementations', folder, 'adapter.py'), ...operands];
  const words = adapter.map(quoted).join(' ');
  const tries = pythons.map(
    (python) => `${python} -c ${quoted(needs)} 2>/dev/null && exec ${python} ${words}`,
  );
  return [...tries, `echo ${quoted(none)} >&2`, 'exit 1'].join('; ');
}

/** The same for an adapter of a Python module that Debian has. */
export const moduleCommand = (module: string, folder: string): string =>
  pythonCommand({
    folder,
    needs: `import ${module}`,
    none: `no python3 with ${module}: install Debian’s python3-${module}`,
  });
