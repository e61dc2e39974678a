import { availableParallelism, totalmem } from 'node:os';

/** Threads run what the sources were compiled to; sources that run as they are have one thread. */
const isCompiled = import.meta.url.endsWith('.js');
/** What judging and an implementation take at their sizes. */
const bytesPerThread = 2 ** 30;
export const mostJobs = 256;

/** How many components run side by side where nothing is asked for: one a core, and no more than there is memory for. */
export const defaultJobs = (): number =>
  Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / bytesPerThread), mostJobs));

/** How many threads so many components are shared out to; 1: none besides this one. */
export const threadsFor = (jobs: number, components: number): number =>
  isCompiled ? Math.min(jobs, components) : 1;
