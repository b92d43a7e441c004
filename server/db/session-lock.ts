import { createHash } from 'node:crypto';

import pg from 'pg';

/** A lock that lasts as long as its connection: the holder's death frees it. */
export interface SessionLock {
  /** Resolves when the connection is gone, and the lock with it: released, broken, or the server died. */
  readonly gone: Promise<void>;
  release(): Promise<void>;
}

/** Takes a named lock in a database; null when somebody else holds it. */
export async function trySessionLock(connectionString: string, name: string): Promise<SessionLock | null> {
  const client = await connect(connectionString);
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
    keyOf(name),
  ]);
  if (rows[0]?.taken) {
    const gone = new Promise<void>((done) => client.once('end', done));
    return { gone, release: () => client.end() };
  }
  await client.end();
  return null;
}

/** Does the work while holding a named lock; waits for whoever holds it. */
export async function withSessionLock<T>(
  connectionString: string,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const client = await connect(connectionString);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [keyOf(name)]);
    return await work();
  } finally {
    await client.end();
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, keepAlive: true });
  // Lost with the database, which its users notice by themselves.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Postgres's locks are 64-bit numbers; as text, because JavaScript's are not. */
function keyOf(name: string): string {
  return createHash('sha256').update(`patchbay ${name}`).digest().readBigInt64BE(0).toString();
}
