/** Postgres knows fewer offsets and years than ISO 8601; a Date has neither. */
export function toDate(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
