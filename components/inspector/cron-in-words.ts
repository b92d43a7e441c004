import cronstrue from 'cronstrue';

/** A cron expression in plain words; undefined for one that has none, though it may be right. */
export function cronInWords(cron: string): string | undefined {
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: true });
  } catch {
    return undefined;
  }
}
