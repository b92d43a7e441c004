import { formatDuration } from '#components/ui/format-duration.ts';
import type { System } from '#core/api/system.ts';

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
/** From here on dead rows are more than vacuum leaves in passing. */
const MANY_DEAD = 10_000;

/** `812 bytes`, `1.4 MB`, `23 GB`. */
export function bytesInWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const text = unit > 0 && value < 9.95 ? value.toFixed(1).replace('.0', '') : String(Math.round(value));
  return `${text} ${UNITS[unit]}`;
}

/** True for a table of which a fifth or more is dead rows, and not just a handful. */
export function isBloated({ rows, deadRows }: { rows: number; deadRows: number }): boolean {
  return deadRows >= MANY_DEAD && deadRows > rows / 5;
}

/** What an operator should look at, gravest first; empty while all is well. */
export function concernsOf(system: System): string[] {
  const { workers, queue, database, clockSkewSeconds } = system;
  const silent = workers.filter(({ isSilent }) => isSilent).length;
  const working = workers.filter(({ isWard, isSilent }) => !isWard && !isSilent).length;
  const bloated = database.tables.filter(isBloated).map(({ name }) => name);
  const connectionsLeft = database.maxConnections - database.connections;
  return [
    !database.isDurable &&
      'Postgres runs with fsync or synchronous_commit off: a crash can lose what was accepted.',
    database.migrations.failed.length > 0 &&
      `Migrations did not go through: ${database.migrations.failed.join(', ')}.`,
    working === 0 && 'No worker runs: events are accepted, and their runs wait. Start one.',
    silent > 0 &&
      `${silent === 1 ? '1 worker is' : `${silent} workers are`} silent; others take the runs over.`,
    queue.oldestSeconds > 60 &&
      `The queue is behind: the first run has been due for ${formatDuration(queue.oldestSeconds * 1_000)}. More workers or slots help.`,
    connectionsLeft < 10 &&
      `Postgres has ${connectionsLeft} of ${database.maxConnections} connections left: raise max_connections.`,
    Math.abs(clockSkewSeconds) > 5 &&
      `This machine’s clock is ${formatDuration(Math.abs(clockSkewSeconds) * 1_000)} ${clockSkewSeconds > 0 ? 'ahead of' : 'behind'} the database’s, which counts: set it right.`,
    database.longestTransactionSeconds > 600 &&
      `A transaction has been open for ${formatDuration(database.longestTransactionSeconds * 1_000)}: vacuum cannot remove what it may still see.`,
    bloated.length > 0 &&
      `Vacuum is behind on ${bloated.slice(0, 3).join(', ')}${bloated.length > 3 ? ' and others' : ''}.`,
  ].filter((concern) => concern !== false);
}
