import { parentPort, workerData } from 'node:worker_threads';
import { work, type Job } from './job.ts';

/** A thread of `groundTruth`. */
const job: Job = workerData;
for (const found of work(job)) if (found !== undefined) parentPort?.postMessage(found, []);
