import { setTimeout as sleep } from 'node:timers/promises';

import type { OpenConnection } from '#connectors/contract.ts';
import { StepFailure } from '#core/step-failure.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import { VaultError } from '#server/vault/aead.ts';
import { parked } from '#worker/calls/parked.ts';
import { MissingKeyError } from '#server/vault/sealed-record.ts';

interface Opener {
  openConnection(workspaceId: string, slug: string): Promise<OpenConnection | null>;
}

/** A renewal by somebody else may take longer; who waits here holds a worker's slot, and uses up a step's time. */
const PATIENCE_MS = 5_000;

export interface Requirement {
  readonly workspaceId: string;
  /** Whose flow it is; null for nobody's, undefined where that does not matter. */
  readonly userId: string | null | undefined;
  /** Undefined for a node that names none. */
  readonly slug: string | undefined;
  /** By the database's clock, in milliseconds since 1970. */
  readonly now: number;
  /** What is left of the attempt's time. */
  readonly leftMs: number;
}

/**
 * Opens the connection that a node names, if it names one. Throws `HeldBack` where the step must wait for it, `StepFailure` when it is
 * missing or cannot be opened.
 */
export async function requiredConnection(
  opener: Opener,
  { workspaceId, userId, slug, now, leftMs }: Requirement,
): Promise<OpenConnection | undefined> {
  if (slug === undefined) return undefined;
  const isOurs = ({ onlyFor }: { readonly onlyFor?: string | undefined }) =>
    userId === undefined || onlyFor === undefined || onlyFor === userId;
  const connection = await patiently(opener.openConnection(workspaceId, slug), { slug, leftMs }).catch(
    (error: unknown) => {
      if (!(error instanceof ConnectionAway)) throw unreadable(slug, error);
      if (isOurs(error)) throw parked(error, now);
      return null;
    },
  );
  // One of another member alone is, to this flow, not there.
  if (connection && isOurs(connection)) return connection;
  throw new StepFailure({
    kind: 'auth',
    code: 'connection_missing',
    message: `There is no connection ${slug} in this workspace. Create it, or choose another one in the step.`,
    pointer: '/connection',
  });
}

/** Nothing was carried out with a connection that takes long: waiting for it costs no attempt. Throws `ConnectionAway`. */
export async function patiently<T>(
  opening: Promise<T>,
  { slug, leftMs }: { readonly slug: string; readonly leftMs: number },
): Promise<T> {
  const over = new AbortController();
  const late = sleep(Math.min(PATIENCE_MS, leftMs / 2), undefined, { signal: over.signal }).then(() => {
    const message = `The connection ${slug} takes longer than usual to open: it is being renewed, or the database is slow.`;
    throw new ConnectionAway(slug, 'connection_unrenewed', message, { isPassing: true });
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    over.abort();
    // The loser of the race has nobody to tell.
    for (const left of [opening, late]) left.catch(() => undefined);
  }
}

/** A vault that cannot be opened stays shut; a database that is away comes back, and a key that this process lacks is with the next. */
export function unreadable(slug: string, error: unknown): StepFailure {
  if (error instanceof MissingKeyError) {
    const message = `The secrets of the connection ${slug} are under a master key that this worker does not have: ${error.message}`;
    return new StepFailure({ kind: 'transient', code: 'connection_unread', message });
  }
  if (error instanceof VaultError) {
    const message = `The secrets of the connection ${slug} cannot be opened: ${error.message}`;
    return new StepFailure({ kind: 'auth', code: 'connection_unreadable', message });
  }
  const message = `The connection ${slug} could not be read just now.`;
  return new StepFailure({ kind: 'transient', code: 'connection_unread', message });
}
