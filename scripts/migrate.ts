import { databaseFault } from '#server/db/database-fault.ts';
import { applyMigrations } from '#server/db/migrate.ts';
import { databaseUrl } from '#server/db/pool.ts';
import { withSessionLock } from '#server/db/session-lock.ts';
import { EnvironmentError } from '#server/env.ts';

/** Brings the database of `DATABASE_URL` up to date, for hosts that start web and worker by themselves. */
try {
  const url = databaseUrl();
  const fault = await databaseFault(url);
  if (fault) throw new EnvironmentError(fault);
  const applied = await withSessionLock(url, 'migrations', () => applyMigrations(url));
  process.stdout.write(
    applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The database is up to date.\n',
  );
} catch (cause) {
  if (!(cause instanceof EnvironmentError)) throw cause;
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = 1;
}
