import pg from 'pg';

const OLDEST = 14;

/** Why a database cannot be used, in one sentence that never shows the password; null when it can be. */
export async function databaseFault(connectionString: string): Promise<string | null> {
  if (!URL.canParse(connectionString) || !/^postgres(ql)?:/.test(connectionString)) {
    return 'DATABASE_URL is not a Postgres URL, such as postgres://user:password@host:5432/patchbay.';
  }
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  // A connection that breaks while it is being closed is of no interest.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('SHOW server_version_num');
    const version = Math.floor(Number(Object.values(rows[0] ?? {})[0]) / 10_000);
    return version >= OLDEST
      ? null
      : `The database is Postgres ${version}; Patchbay needs ${OLDEST} or newer.`;
  } catch (cause) {
    return explain(cause, connectionString);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explain(cause: unknown, connectionString: string): string {
  const { hostname, port, pathname, username } = new URL(connectionString);
  const place = `${hostname || 'localhost'}:${port || '5432'}`;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === '28P01' || code === '28000')
    return `The database at ${place} refused the login of ${username}: check DATABASE_URL.`;
  if (code === '3D000')
    return `The database ${pathname.slice(1)} does not exist at ${place}: create it or change DATABASE_URL.`;
  const reason = code || (cause instanceof Error ? cause.message : String(cause));
  return `The database at ${place} cannot be reached (${reason}): check DATABASE_URL and that Postgres runs.`;
}
