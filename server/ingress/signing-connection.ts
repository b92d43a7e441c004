import { openConnection } from '#server/connections/open-connection.ts';
import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { CONNECTION_STAMP } from '#server/sql/find-hooks.ts';

/** The opened connection of a trigger. */
export interface SigningConnection {
  /** When it was changed last; null when there is none. A changed stamp means changed secrets. */
  readonly stamp: string | null;
  readonly fields: Readonly<Record<string, string>>;
  /** As of `OpenConnection`. */
  readonly onlyFor?: string | undefined;
}

/** Secrets are not kept in memory for longer. */
const KEPT_MS = 5_000;
const MAX_KEPT = 1_000;

interface Kept {
  readonly until: number;
  readonly connection: Promise<SigningConnection>;
}
const kept = new Map<string, Kept>();

/**
 * The connection under a slug, opened at most 5 s ago. No such connection: no fields, so that every check fails.
 * Rejects when its secrets cannot be opened.
 */
export function signingConnection(workspaceId: string, slug: string): Promise<SigningConnection> {
  const key = `${workspaceId} ${slug}`;
  const known = kept.get(key);
  if (known && known.until > performance.now()) return known.connection;
  const connection = open(workspaceId, slug);
  connection.catch(() => kept.delete(key));
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(key, { until: performance.now() + KEPT_MS, connection });
  return connection;
}

/** Forgets an opened connection, because it was changed since. */
export function forgetConnection(workspaceId: string, slug: string): void {
  kept.delete(`${workspaceId} ${slug}`);
}

async function open(workspaceId: string, slug: string): Promise<SigningConnection> {
  // The stamp first: secrets that are newer than their stamp are read again, older ones would not be.
  const { rows } = await ingressPool().query<{ stamp: string }>({
    name: 'ingress_connection_stamp',
    text: CONNECTION_STAMP,
    values: [workspaceId, slug],
  });
  const opened = await openConnection(workspaceId, slug);
  return { stamp: rows[0]?.stamp ?? null, fields: opened?.fields ?? {}, onlyFor: opened?.onlyFor };
}
