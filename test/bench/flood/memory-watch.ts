import { readFile } from 'node:fs/promises';

/** Mebibytes of memory that a process had. */
export interface Memory {
  /** The highest since it began, as the kernel noted it. */
  readonly peak: number;
  /** The highest that was sampled while it was watched. */
  readonly sampled: number;
  /** The first sample. */
  readonly before: number;
}

export interface MemoryWatch {
  /** Takes a last look. Throws when the process has ended. */
  end(): Promise<Memory>;
}

const EVERY_MS = 200;

/** Watches the resident memory of a process; needs Linux's /proc. */
export async function watchMemory(pid: number): Promise<MemoryWatch> {
  const before = (await readMemory(pid)).now;
  let sampled = before;
  const timer = setInterval(() => {
    readMemory(pid).then(
      ({ now }) => (sampled = Math.max(sampled, now)),
      // The last look tells that it has ended.
      () => undefined,
    );
  }, EVERY_MS);
  return {
    end: async () => {
      clearInterval(timer);
      const { now, peak } = await readMemory(pid);
      return { before, sampled: Math.max(sampled, now), peak };
    },
  };
}

async function readMemory(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024);
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') };
}
