/**
 * A thread of the sandbox child: ends the process when the worker that started it is gone. The main thread hears of that
 * too (its stdin closes), but not while code keeps it busy.
 */
import { workerData } from 'node:worker_threads';

const EVERY_MS = 200;

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, EVERY_MS);
