import type { Socket } from 'node:net';

import pg from 'pg';

import type { OpenConnection, StepContext } from '#connectors/contract.ts';
import { rowOf, isStructure, tooManyRows } from '#connectors/sql/rows.ts';
import { MAX_BYTES_READ } from '#connectors/sql/settings.ts';
import { watchBytes } from '#connectors/sql/watch-bytes.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { postgresFailure } from './postgres-failure.ts';
import { typeParsers } from './read-value.ts';

/** One statement, in a transaction of its own. */
export interface Statement {
  readonly text: string;
  readonly values: readonly Json[];
  readonly isReadOnly: boolean;
  /** More are an error. */
  readonly maxRows: number;
}

export interface StatementResult {
  readonly rows: readonly JsonObject[];
  /** Rows that were read, or written. */
  readonly rowCount: number;
}

type Session = Pick<StepContext, 'dial' | 'signal' | 'timeoutMs'>;

/** Runs a statement over a socket of its own. Throws `StepFailure`. */
export async function runStatement(
  statement: Statement,
  fields: OpenConnection['fields'],
  { dial, signal, timeoutMs }: Session,
): Promise<StatementResult> {
  const { host = '', port = '5432' } = fields;
  const progress = { target: `${host}:${port}`, isCommitting: false };
  const socket = await dial({ host, port: Number(port), signal });
  const client = makeClient(fields, socket, timeoutMs);
  const { promise: broken, reject: giveUp } = Promise.withResolvers<never>();
  // It may reject after the race.
  broken.catch(() => undefined);
  const stopWatch = watchBytes(socket, MAX_BYTES_READ, giveUp);
  const onAbort = () => giveUp(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  client.on('error', giveUp);
  try {
    signal.throwIfAborted();
    const work = inTransaction(client, statement, {
      timeoutMs,
      onCommit: () => (progress.isCommitting = true),
    });
    return await Promise.race([work, broken]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw postgresFailure(error, progress);
  } finally {
    stopWatch();
    signal.removeEventListener('abort', onAbort);
    close(client);
  }
}

function makeClient(fields: OpenConnection['fields'], socket: Socket, timeoutMs: number): pg.Client {
  const { host, port, database, user, password, ssl = 'verify-full', ca } = fields;
  return new pg.Client({
    host,
    port: Number(port),
    database,
    user,
    password,
    // Everything is said, so that nothing comes out of our own environment.
    ssl: ssl === 'disable' ? false : { rejectUnauthorized: ssl === 'verify-full', minVersion: 'TLSv1.2', ca },
    application_name: 'patchbay',
    connectionTimeoutMillis: timeoutMs,
    types: typeParsers,
    stream: () => connected(socket),
  });
}

/** The driver connects what it is given; this is connected already, to the address that was checked. */
function connected(socket: Socket): Socket {
  return Object.assign(socket, {
    connect: () => {
      setImmediate(() => socket.emit('connect'));
      return socket;
    },
  });
}

async function inTransaction(
  client: pg.Client,
  statement: Statement,
  { timeoutMs, onCommit }: { readonly timeoutMs: number; readonly onCommit: () => void },
): Promise<StatementResult> {
  await client.connect();
  await client.query(`BEGIN ${statement.isReadOnly ? 'READ ONLY' : 'READ WRITE'}`);
  // Times are told in UTC, and JSON is written by these very rules.
  await client.query(
    `SET LOCAL statement_timeout = ${Math.floor(timeoutMs)}; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'`,
  );
  const result = await ask(client, statement);
  onCommit();
  await client.query('COMMIT');
  return result;
}

function ask(client: pg.Client, { text, values, maxRows }: Statement): Promise<StatementResult> {
  return new Promise((done, fail) => {
    const rows: JsonObject[] = [];
    const query = new pg.Query<Json[]>(
      // The extended protocol takes one statement alone, whatever the text holds.
      { text, rowMode: 'array', queryMode: 'extended', types: typeParsers } as pg.QueryArrayConfig,
      values.map(parameterOf),
    );
    query.on('row', (row, result) => {
      try {
        if (rows.length === maxRows) throw tooManyRows(maxRows);
        rows.push(
          rowOf(
            (result?.fields ?? []).map(({ name }) => name),
            row,
          ),
        );
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
    query.on('error', fail);
    query.on('end', ({ rowCount }) => done({ rows, rowCount: rowCount ?? rows.length }));
    client.query(query);
  });
}

function parameterOf(value: Json): unknown {
  return isStructure(value) ? JSON.stringify(value) : value;
}

/** The transaction, if it is open still, is undone by the server. Nobody waits for the goodbye. */
function close(client: pg.Client): void {
  client.end().catch(() => undefined);
}
