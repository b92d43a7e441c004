import { readdir, readFile } from 'node:fs/promises';

/** Of `/proc`: ticks a second, the same on every Linux that Node runs on. */
const TICKS = 100;

interface Stat {
  readonly parent: number;
  /** Its own time and that of its children that ended. */
  readonly ticks: number;
}

/**
 * Processor time used so far, in seconds, by each of the named processes with all that they started, also what has ended
 * since. A process counts for the nearest of its ancestors that is named.
 */
export async function processorSeconds(
  named: ReadonlyMap<number, string>,
): Promise<Readonly<Record<string, number>>> {
  const stats = await readStats();
  const ticks = new Map([...named.values()].map((name) => [name, 0]));
  for (const [pid, stat] of stats) {
    const name = nearestNamed(pid, named, stats);
    if (name !== undefined) ticks.set(name, (ticks.get(name) ?? 0) + stat.ticks);
  }
  return Object.fromEntries([...ticks].map(([name, count]) => [name, count / TICKS]));
}

/** The process that started this one. */
export async function parentOf(pid: number): Promise<number> {
  const stat = await readStat(pid);
  if (!stat) throw new Error(`There is no process ${pid}.`);
  return stat.parent;
}

function nearestNamed(
  pid: number,
  named: ReadonlyMap<number, string>,
  stats: ReadonlyMap<number, Stat>,
): string | undefined {
  for (let at: number | undefined = pid; at !== undefined; at = stats.get(at)?.parent) {
    const name = named.get(at);
    if (name !== undefined) return name;
  }
  return undefined;
}

async function readStats(): Promise<ReadonlyMap<number, Stat>> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const found = await Promise.all(pids.map(async (pid) => [pid, await readStat(pid)] as const));
  return new Map(found.flatMap(([pid, stat]) => (stat ? [[pid, stat] as const] : [])));
}

/** Undefined for a process that has ended. */
async function readStat(pid: number): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name before the last bracket may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), ticks: user! + system! + childUser! + childSystem! };
}
