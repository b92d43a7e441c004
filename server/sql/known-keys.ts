import type pg from 'pg';

/**
 * Those of the keys that were seen within 30 days. They count as seen today, so that an item that a far end goes on
 * listing never becomes new; at most one write a key and day.
 */
export async function knownKeys(
  client: pg.ClientBase,
  flowId: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ key: string }>({
    name: 'dedupe_known',
    text: `WITH known AS (
        SELECT key, first_seen_at FROM dedupe_key
        WHERE flow_id = $1 AND key = ANY ($2::text[]) AND first_seen_at > now() - interval '30 days'
      ), seen_again AS (
        UPDATE dedupe_key SET first_seen_at = now(), last_seen_at = now()
        WHERE flow_id = $1 AND key IN (SELECT key FROM known WHERE first_seen_at < now() - interval '1 day'))
      SELECT key FROM known`,
    values: [flowId, keys],
  });
  return new Set(rows.map(({ key }) => key));
}

/** Remembers keys without an event or a run: what was there before anybody asked. */
export async function rememberKeys(
  client: pg.ClientBase,
  flowId: string,
  keys: readonly string[],
): Promise<void> {
  await client.query({
    name: 'dedupe_remember',
    text: `INSERT INTO dedupe_key (flow_id, key, event_id)
      SELECT $1, key, gen_random_uuid() FROM unnest($2::text[]) AS key
      ON CONFLICT (flow_id, key) DO UPDATE SET first_seen_at = now(), last_seen_at = now()`,
    values: [flowId, keys],
  });
}
