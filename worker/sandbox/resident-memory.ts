import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4_096;

/** Bytes of memory that a process holds, where the system says so in `/proc`; 0 elsewhere and once it is gone. */
export function residentMemory(pid: number): number {
  try {
    // The second figure of statm, in pages. Where pages are larger, it is told too small: the engine's own limit stands.
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
