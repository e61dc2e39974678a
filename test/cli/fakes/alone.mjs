import { isMainThread } from 'node:worker_threads';

/** A module that cannot be loaded twice, as some native addons. */
if (!isMainThread) throw new Error('loaded already');

export { default } from './identity.mjs';
