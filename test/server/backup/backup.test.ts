import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';

import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { BackupError } from '#server/backup/backup-error.ts';
import { backupDatabase } from '#server/backup/backup-database.ts';
import { PLAIN_MARK } from '#server/backup/plain-dump.ts';
import { restoreDatabase } from '#server/backup/restore-database.ts';
import { MIGRATIONS } from '#server/db/migrate.ts';
import { parseEnv } from '#server/env.ts';
import { MIGRATIONS_TABLE } from '#server/sql/backup-catalog.ts';
import { findFaults } from '#server/sql/ledger-faults.ts';
import { selectLedger } from '#server/sql/select-ledger.ts';
import { makeConnection } from '#test/support/hook-fixture.ts';
import { query } from '#test/support/query.ts';
import { runCli } from '#test/support/run-cli.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, readRun, START, useWorkers, whenRun } from '#test/worker/worker-fixture.ts';
import { createEmptyDatabase } from './empty-database.ts';

// Whole databases are made and compared.
vi.setConfig({ testTimeout: 240_000 });

const run = promisify(execFile);
const fixture = useWorkers();
let folder: string;
let file: string;

/** No pg_dump of the machine, whichever it has. */
const PG = { PATCHBAY_PG_BIN: '/nowhere' };
const cli = (database: string, ...args: readonly string[]) =>
  runCli(args, { env: { DATABASE_URL: database, ...PG } });
const settings = (database: string) => parseEnv({ DATABASE_URL: database, ...PG });
const backup = (database: string, out: string) => backupDatabase(settings(database), out);
const restore = (database: string, from: string, isForced = false) =>
  restoreDatabase(settings(database), { file: from, isForced });
/** Everything that a database holds, table by table; the queue apart. */
/** A backup is noted where it was made, after what it holds: the note is left out. */
async function contentOf(url: string): Promise<Record<string, string>> {
  const tables = await query<{ name: string }>(
    url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'system_note' ORDER BY 1`,
  );
  const content: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await query<{ hash: string }>(
      url,
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS hash FROM "${name}" t`,
    );
    content[name] = rows[0]!.hash;
  }
  return content;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-backup-'));
  file = join(folder, 'patchbay.backup');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('brings everything back that was there, under load too, and the runs go on', async () => {
  const token = 'a-long-enough-token';
  const connection = await makeConnection(fixture.workspaceId, { token }, 'bearer_token');
  const quick = await fixture.publish({
    nodes: [START, post('call', `${fixture.sink.url}/quick`)],
    edges: 'start>call',
  });
  const later = await fixture.publish({
    nodes: [
      START,
      { id: 'wait', type: 'core.wait', config: { seconds: 3_600 } },
      post('call', `${fixture.sink.url}/later`, { connection }),
    ],
    edges: 'start>wait wait>call',
  });
  const worker = await fixture.startWorker();
  const [waiting] = (await fixture.start(later, ['Ünïcode \\ \t\n "x"'])) as [string];
  await whenRun(fixture, waiting, { status: ['waiting'] });
  const before = await fixture.start(quick, [1, 2, 3]);
  let isWritten = false;
  const load = (async () => {
    while (!isWritten)
      await fixture.start(
        quick,
        Array.from({ length: 20 }, (_, n) => n),
      );
  })();
  const written = await cli(fixture.databaseUrl, 'backup', '--out', file);
  isWritten = true;
  await load;
  expect(written).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('master key is not in the backup'),
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  worker.signal('SIGKILL');
  await worker.ended;

  const restored = await createEmptyDatabase();
  expect(await cli(restored, 'restore', file)).toMatchObject({ code: 0, stderr: '' });
  const found = await query<{ id: string }>(restored, 'SELECT id FROM run');
  expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining([...before, waiting]));

  // As if its hour had passed.
  await query(
    restored,
    `UPDATE step SET next_attempt_at = now() WHERE run_id = '${waiting}' AND status = 'waiting'`,
  );
  await query(restored, `UPDATE run SET wake_at = now() WHERE id = '${waiting}'`);
  const successor = await fixture.startWorker({ DATABASE_URL: restored });
  await waitFor(
    'all runs of the restored database to end',
    async () => {
      const [row] = await query<{ open: string }>(
        restored,
        'SELECT count(*) AS open FROM run WHERE finished_at IS NULL',
      );
      return row!.open === '0';
    },
    45_000,
  );
  const [call] = fixture.sink.at('/later');
  expect(call?.headers.authorization).toBe(`Bearer ${token}`);
  expect((await readRun(fixture, waiting)).status).toBe('waiting');

  const client = new pg.Client({ connectionString: restored });
  await client.connect();
  const lines = await selectLedger(client, fixture.workspaceId);
  expect(lines.map(({ slug }) => slug)).toEqual([quick.slug, later.slug].toSorted());
  for (const { accepted, runs } of lines)
    expect(accepted).toBe(Object.values(runs).reduce((sum, count) => sum + count, 0));
  expect(await findFaults(client, fixture.workspaceId)).toEqual([]);
  await client.end();
  successor.signal('SIGTERM');
  await successor.ended;
});

it('is the database to the byte', async () => {
  const copy = join(folder, 'quiet.backup');
  await backup(fixture.databaseUrl, copy);
  const restored = await createEmptyDatabase();
  await restore(restored, copy);
  expect(await contentOf(restored)).toEqual(await contentOf(fixture.databaseUrl));
  const next = `SELECT nextval('audit_entry_id_seq') AS id`;
  expect(await query(restored, next)).toEqual(await query(fixture.databaseUrl, next));
});

const psql = await run('psql', ['--version']).catch(() => null);
it.skipIf(!psql)('is a script that psql reads', async () => {
  const script = join(folder, 'script.sql');
  await writeFile(script, gunzipSync(await readFile(join(folder, 'quiet.backup'))));
  const restored = await createEmptyDatabase();
  await run('psql', ['--no-psqlrc', '-v', 'ON_ERROR_STOP=1', '--quiet', '-f', script, restored], {
    maxBuffer: 64 * 1_048_576,
  });
  expect(await contentOf(restored)).toEqual(await contentOf(fixture.databaseUrl));
});

it('refuses to overwrite, and when it is forced replaces whatever is there', async () => {
  const target = await createEmptyDatabase();
  await query(target, 'CREATE TABLE "user" (id int)');
  await expect(restore(target, file)).rejects.toThrow('not empty');
  await restore(target, file, true);
  await restore(target, file, true);
  expect((await contentOf(target))['workspace']).toBe((await contentOf(fixture.databaseUrl))['workspace']);
  await expect(backup(target, file)).rejects.toThrow('there already');
  await expect(backup(await createEmptyDatabase(), join(folder, 'x'))).rejects.toThrow('holds no Patchbay');
});

it('changes nothing with a backup that is cut off, broken or of a newer Patchbay, and while Patchbay runs', async () => {
  const target = await createEmptyDatabase();
  await restore(target, join(folder, 'quiet.backup'));
  const content = await contentOf(target);
  const refused = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    const refusal: unknown = await restore(target, path, true).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BackupError);
    expect(await contentOf(target)).toEqual(content);
    return (refusal as BackupError).message;
  };
  const whole = await readFile(file);
  expect(await refused('cut', whole.subarray(0, whole.length - 200))).toContain('cut off');
  const text = gunzipSync(whole).toString('utf8').split('\n');
  expect(await refused('lines', gzipSync(text.slice(0, -20).join('\n')))).toContain('cut off');
  expect(await refused('newer', gzipSync(`${PLAIN_MARK}0001_init 9999_later\n`))).toContain('9999_later');
  expect(await refused('none', Buffer.from('hello, world'))).toContain('no backup');
  const busy = new pg.Client({ connectionString: target, application_name: 'patchbay-worker' });
  await busy.connect();
  expect(await refused('busy', whole)).toContain('stop it');
  await busy.end();
});

it('brings an older database up to date, and counts what it had accepted', async () => {
  const old = await createEmptyDatabase();
  await query(old, MIGRATIONS_TABLE);
  for (const name of ['0001_init', '0002_orchestration']) {
    await query(old, await readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8'));
    await query(
      old,
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
       VALUES ('${name}', '', now(), '${name}', 1)`,
    );
  }
  await query(
    old,
    `INSERT INTO workspace (id, slug, name) VALUES ('${fixture.workspaceId}', 'w', 'w');
     INSERT INTO flow (id, workspace_id, slug, name, draft) VALUES ('${fixture.workspaceId}', '${fixture.workspaceId}', 'f', 'F', '{}');
     INSERT INTO flow_version (id, workspace_id, flow_id, document, content_hash)
       VALUES ('${fixture.workspaceId}', '${fixture.workspaceId}', '${fixture.workspaceId}', '{}', '');
     INSERT INTO run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, started_by, wake_at)
       SELECT gen_random_uuid(), workspace_id, flow_id, 'f', 'F', id, 'manual', now() FROM flow_version, generate_series(1, 3);
     INSERT INTO event (id, workspace_id, flow_id, kind, body, quarantine)
       SELECT gen_random_uuid(), workspace_id, flow_id, 'webhook', '', '[]' FROM flow_version;
     INSERT INTO dedupe_key (flow_id, key, event_id, duplicates) SELECT id, 'k', id, 5 FROM flow;`,
  );
  await backup(old, join(folder, 'old.backup'));
  const restored = await createEmptyDatabase();
  expect((await restore(restored, join(folder, 'old.backup'))).migrated).toContain('0003_recovery');
  const client = new pg.Client({ connectionString: restored });
  await client.connect();
  expect(await selectLedger(client, fixture.workspaceId)).toEqual([
    { slug: 'f', name: 'F', accepted: 9, deduplicated: 5, removed: 0, quarantined: 1, runs: { queued: 3 } },
  ]);
  await client.end();
});
