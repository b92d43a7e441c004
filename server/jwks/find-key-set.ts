import { publicKeysOf, type PublicKey } from '#connectors/credentials/signing-key.ts';
import { readStored, sealedOf } from '#server/connections/find-connection.ts';
import { prisma } from '#server/db/prisma.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/** Public keys by which receivers check signed calls (RFC 7517). */
export interface KeySet {
  readonly keys: readonly PublicKey[];
}

/** A changed key is published after so long at most; a signing key is opened no more often. */
const KEPT_MS = 30_000;
const MAX_KEPT = 1_000;

const kept = new Map<string, { readonly set: Promise<KeySet | null>; readonly until: number }>();

/**
 * The public keys of a connection `jwt`; null when there is no such workspace or connection. They are made from the sealed private keys, so
 * that nobody who only writes to the database can put in keys of their own.
 */
export function findKeySet(workspaceSlug: string, slug: string): Promise<KeySet | null> {
  const key = `${workspaceSlug} ${slug}`;
  const known = kept.get(key);
  if (known && known.until > performance.now()) return known.set;
  const set = read(workspaceSlug, slug);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(key, { set, until: performance.now() + KEPT_MS });
  // What could not be read, or is not there, is looked for again.
  set.then(
    (found) => found ?? kept.delete(key),
    () => kept.delete(key),
  );
  return set;
}

async function read(workspaceSlug: string, slug: string): Promise<KeySet | null> {
  const workspace = await prisma().workspace.findUnique({
    where: { slug: workspaceSlug },
    select: { id: true },
  });
  const row = workspace && (await readStored({ workspaceId: workspace.id, slug }));
  if (row?.connector !== 'jwt') return null;
  const { place, record } = sealedOf(row);
  return { keys: await publicKeysOf(openFields(place, record)) };
}
