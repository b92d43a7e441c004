import { createServer, type AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { findConnector, findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { failureOf, fateOf } from '#test/support/failure-of.ts';
import { makeAuthority, type Authority } from '#test/support/certificates.ts';
import { hasMariaDb, startMariaDb, type MariaDb } from '#test/support/mariadb.ts';
import { stepContext } from '#test/connectors/step-context.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

let ca: Authority;
let db: MariaDb;

interface Call {
  readonly settings: JsonObject;
  readonly fields?: Readonly<Record<string, string>>;
  readonly allow?: string;
  readonly timeoutMs?: number;
}

/** Runs an operation as a step does, through the guard. */
async function call(
  type: string,
  { settings, fields = {}, allow = '127.0.0.1', timeoutMs = 10_000 }: Call,
): Promise<JsonObject> {
  const egress = egressClient({ allow, ownPorts: [] });
  cleanups.push(() => egress.close());
  const { operation } = findOperation(type, 1)!;
  const input = operation.input.parse(settings) as JsonObject;
  const connection = {
    connector: 'mysql',
    fields: {
      ...{
        host: '127.0.0.1',
        port: String(db?.port ?? 1),
        database: 'shop',
        user: 'flows',
        password: 'pa55word',
      },
      ...{ ssl: 'disable', ...fields },
    },
  };
  const context = stepContext({
    connection,
    dial: egress.dial,
    timeoutMs,
    signal: AbortSignal.timeout(30_000),
  });
  const result = await findHandler(type, 1)!(input, context);
  if (!('output' in result)) throw new Error('it waits');
  operation.output.parse(result.output);
  return JSON.parse(JSON.stringify(result.output)) as JsonObject;
}

const ask = (sql: string, values: Json[] = [], rest: Partial<Call> & { settings?: JsonObject } = {}) =>
  call('mysql.query', { ...rest, settings: { sql, values, ...rest.settings } });

const count = async () => Number(await db.sql('SELECT count(*) FROM shop.orders'));

describe.skipIf(!hasMariaDb())('a real MariaDB', () => {
  beforeAll(async () => {
    ca = await makeAuthority();
    db = await startMariaDb(await ca.server());
    await db.sql(`CREATE DATABASE shop; CREATE USER flows IDENTIFIED BY 'pa55word'; GRANT ALL ON shop.* TO flows;
      CREATE TABLE shop.orders (id bigint AUTO_INCREMENT PRIMARY KEY, number int UNIQUE, \`strange \`\`name\`\`\` text,
        total decimal(12,2), state varchar(20) NOT NULL DEFAULT 'new', data json, at timestamp NULL, CHECK (number > 0))`);
  }, 120_000);
  afterAll(() => db.stop());

  it('binds values and gives JSON back, without losing a digit', async () => {
    const { rows } = await ask(
      `SELECT CAST(? AS SIGNED) AS whole, CAST(? AS SIGNED) AS big, CAST(? AS DECIMAL(10,2)) AS num, ? AS text, ? AS bool,
         ? AS json, TIMESTAMP('2026-01-15 10:30:00') AS local, DATE('2026-01-15') AS day, 1.5e0 AS double_value,
         x'00ff' AS bytes, NULL AS nothing`,
      [7, '9007199254740993', '0.10', 'a "text" ü', true, { a: [1] }],
    );
    expect(rows).toEqual([
      {
        ...{ whole: 7, big: '9007199254740993', num: '0.10', text: 'a "text" ü', bool: 1, json: '{"a":[1]}' },
        ...{
          local: '2026-01-15T10:30:00',
          day: '2026-01-15',
          double_value: 1.5,
          bytes: '0x00ff',
          nothing: null,
        },
      },
    ]);
    expect(await ask('SELECT 1 AS n UNION SELECT 2 LIMIT ?', [1])).toEqual({ rows: [{ n: 1 }], rowCount: 1 });
  });

  it('takes one statement alone, and a value stays a value', async () => {
    const evil = `'; DROP TABLE orders; --`;
    expect((await ask('SELECT ? AS said', [evil])).rows).toEqual([{ said: evil }]);
    const two = await failureOf(ask('SELECT 1; DROP TABLE orders', [], { settings: { isReadOnly: false } }));
    expect(two).toMatchObject({ kind: 'invalid', code: 'sql_refused' });
    expect(await count()).toBe(0);
  });

  it.each([
    'INSERT INTO orders (number) VALUES (1)',
    'CREATE TABLE other (id int)',
    'DELETE FROM orders',
    'TRUNCATE orders',
  ])('that only reads cannot change anything: %s', async (sql) => {
    expect(await failureOf(ask(sql))).toMatchObject({ kind: 'invalid', code: 'read_only' });
  });

  it('changes data where the step says so; more rows than it may are an error', async () => {
    const settings = { isReadOnly: false };
    expect(await ask('INSERT INTO orders (number) VALUES (?), (?)', [1, 2], { settings })).toEqual({
      rows: [],
      rowCount: 2,
    });
    expect(await failureOf(ask('SELECT * FROM orders', [], { settings: { maxRows: 1 } }))).toMatchObject({
      code: 'too_many_rows',
    });
    expect(
      await failureOf(ask(`SELECT repeat('x', 15000000) AS a, repeat('y', 15000000) AS b`)),
    ).toMatchObject({
      code: 'response_too_large',
    });
    expect(await ask('DELETE FROM orders', [], { settings })).toMatchObject({ rowCount: 2 });
  });

  it.each<readonly [string, string, Json[], string]>([
    ['a table that is not there', 'SELECT * FROM nowhere', [], 'sql_refused'],
    ['SQL that is none', 'SELEC 1', [], 'sql_refused'],
    ['a value that does not fit', `INSERT INTO orders (number) VALUES (?)`, ['x'], 'invalid_value'],
    ['a rule of the table', 'INSERT INTO orders (number) VALUES (-1)', [], 'constraint_violated'],
    ['columns that cannot be told apart', 'SELECT 1 AS a, 2 AS a', [], 'ambiguous_columns'],
  ])('%s is said in words', async (_name, sql, values, code) => {
    const error = await failureOf(ask(sql, values, { settings: { isReadOnly: false } }));
    expect(error).toMatchObject({ kind: 'invalid', code });
    expect(fateOf(error)).toBe('failed');
  });

  it('a wrong login, a database that is not there', async () => {
    const login = await failureOf(ask('SELECT 1', [], { fields: { password: 'wrong-one' } }));
    expect(login).toMatchObject({ kind: 'auth', code: 'login_refused' });
    expect(JSON.stringify(login)).not.toContain('wrong-one');
    const missing = await failureOf(ask('SELECT 1', [], { fields: { database: 'nowhere' } }));
    expect(['database_missing', 'login_refused']).toContain(missing.code);
  });

  it('a statement that takes too long is stopped by the server', async () => {
    const sql = 'INSERT INTO orders (number) SELECT 1 FROM (SELECT SLEEP(30)) AS wait';
    const error = await failureOf(ask(sql, [], { settings: { isReadOnly: false }, timeoutMs: 500 }));
    expect(error).toMatchObject({ kind: 'transient', code: 'not_done' });
    expect(await count()).toBe(0);
  });

  it('rows are inserted and updated, names quoted and values bound', async () => {
    const rows: JsonObject[] = [
      { number: 1, 'strange `name`': `'; DROP TABLE orders; --`, total: '10.50', data: { a: [1] } },
      { number: 2, state: 'paid' },
    ];
    expect(await call('mysql.insert', { settings: { table: 'orders', rows } })).toEqual({
      rowCount: 2,
      insertId: expect.stringMatching(/^\d+$/),
    });
    const update = { settings: { table: 'orders', rows: [{ number: 1, state: 'paid' }] } };
    await call('mysql.upsert', update);
    await call('mysql.upsert', update);
    expect(
      (await ask('SELECT number, state, `strange ``name``` AS strange FROM orders ORDER BY number')).rows,
    ).toEqual([
      { number: 1, state: 'paid', strange: `'; DROP TABLE orders; --` },
      { number: 2, state: 'paid', strange: null },
    ]);
    const evil = { table: 'orders', rows: [{ 'number`) VALUES (9); DROP TABLE orders; -- ': 1 }] };
    expect(await failureOf(call('mysql.insert', { settings: evil }))).toMatchObject({ code: 'sql_refused' });
    await db.sql('DELETE FROM shop.orders');
  });

  it('all rows or none', async () => {
    const settings = { table: 'orders', rows: [{ number: 1 }, { number: -1 }] };
    expect(await failureOf(call('mysql.insert', { settings }))).toMatchObject({
      code: 'constraint_violated',
    });
    expect(await count()).toBe(0);
  });

  it('the certificate is checked against the authority and the name', async () => {
    const cipher = async (fields: Record<string, string>) =>
      (await ask(`SHOW SESSION STATUS LIKE 'Ssl_version'`, [], { fields, allow: '127.0.0.1,::1' })).rows;
    const isEncrypted = [{ Variable_name: 'Ssl_version', Value: expect.stringMatching(/^TLS/) }];
    expect(await cipher({ ssl: 'verify-full', host: 'localhost', ca: ca.cert })).toEqual(isEncrypted);
    expect(await cipher({ ssl: 'require' })).toEqual(isEncrypted);
    expect(await failureOf(cipher({ ssl: 'verify-full', host: 'localhost' }))).toMatchObject({
      code: 'tls_failed',
      message: expect.stringContaining('not signed by'),
    });
    const other = await startMariaDb(await ca.server({ hosts: ['other.test'] }));
    cleanups.push(() => other.stop());
    const fields = { ssl: 'verify-full', host: 'localhost', ca: ca.cert, port: String(other.port) };
    expect(await failureOf(cipher(fields))).toMatchObject({
      code: 'tls_failed',
      message: expect.stringContaining('another host'),
    });
  });

  it('encryption is not given up where the server offers none', async () => {
    const plain = await startMariaDb();
    cleanups.push(() => plain.stop());
    const error = await failureOf(
      ask('SELECT 1', [], { fields: { ssl: 'require', port: String(plain.port) } }),
    );
    expect(error).toMatchObject({ code: 'tls_failed', message: expect.stringContaining('encryption') });
  });

  it('a private address is not reached', async () => {
    expect(await failureOf(ask('SELECT 1', [], { allow: '' }))).toMatchObject({ code: 'egress_denied' });
  });
});

describe('without a server', () => {
  it('one that dies at once left nothing behind', async () => {
    const rude = createServer((socket) => socket.destroy());
    await new Promise<void>((done) => rude.listen(0, '127.0.0.1', done));
    cleanups.push(() => new Promise((done) => rude.close(done)));
    const port = String((rude.address() as AddressInfo).port);
    const error = await failureOf(ask('SELECT 1', [], { fields: { port }, settings: { isReadOnly: false } }));
    expect(error).toMatchObject({ kind: 'transient', code: 'not_done' });
    expect(fateOf(error)).toBe('waiting');
  });

  it('an address instead of a name cannot be checked, so it is not taken', () => {
    const fields = { host: '10.0.0.1', database: 'd', user: 'u', password: 'p' };
    const parsed = findConnector('mysql')!.connection!.safeParse(fields);
    expect(parsed.error?.issues).toMatchObject([{ path: ['host'] }]);
    expect(findConnector('mysql')!.connection!.safeParse({ ...fields, ssl: 'require' }).success).toBe(true);
  });
});
