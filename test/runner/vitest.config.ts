import { defineConfig } from 'vitest/config';

/** Of runs that a test starts: most of them have to fail. */
export default defineConfig({ test: { include: ['*.spec.ts'] } });
