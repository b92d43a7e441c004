import type { OpenConnection } from '#connectors/contract.ts';
import { StepFailure } from '#core/step-failure.ts';
import { VaultError } from '#server/vault/aead.ts';
import { MissingKeyError } from '#server/vault/sealed-record.ts';

interface Opener {
  openConnection(workspaceId: string, slug: string): Promise<OpenConnection | null>;
}

/** Opens the connection that a node names, if it names one. Throws `StepFailure` when it is missing or cannot be opened. */
export async function requiredConnection(
  opener: Opener,
  workspaceId: string,
  slug: string | undefined,
): Promise<OpenConnection | undefined> {
  if (slug === undefined) return undefined;
  const connection = await opener.openConnection(workspaceId, slug).catch((error: unknown) => {
    throw unreadable(slug, error);
  });
  if (connection) return connection;
  throw new StepFailure({
    kind: 'auth',
    code: 'connection_missing',
    message: `There is no connection ${slug} in this workspace. Create it, or choose another one in the step.`,
    pointer: '/connection',
  });
}

/** A vault that cannot be opened stays shut; a database that is away comes back, and a key that this process lacks is with the next. */
function unreadable(slug: string, error: unknown): StepFailure {
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
