import type { Socket } from 'node:net';

import pg from 'pg';

import type { OpenConnection, StepContext } from '#connectors/contract.ts';
import { converse } from '#connectors/converse.ts';
import { rowOf, isStructure, tooManyRows } from '#connectors/sql/rows.ts';
import { MAX_BYTES_READ } from '#connectors/sql/settings.ts';
import type { Statement } from '#connectors/sql/statement.ts';
import { watchBytes } from '#connectors/sql/watch-bytes.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { postgresFailure } from './postgres-failure.ts';
import { typeParsers } from './read-value.ts';

export interface StatementResult {
  readonly rows: readonly JsonObject[];
  /** Rows that were read, or written. */
  readonly rowCount: number;
}

/** Runs a statement over a socket of its own. Throws `StepFailure`. */
export function runStatement(
  statement: Statement,
  fields: OpenConnection['fields'],
  context: Pick<StepContext, 'dial' | 'signal' | 'timeoutMs'>,
): Promise<StatementResult> {
  const { host = '', port = '5432' } = fields;
  const { timeoutMs } = context;
  const progress = { target: `${host}:${port}`, isCommitting: false };
  return converse<StatementResult>(context, {
    target: { host, port: Number(port) },
    begin: (socket, giveUp) => {
      const client = makeClient(fields, socket, timeoutMs).on('error', giveUp);
      const stopWatch = watchBytes(socket, MAX_BYTES_READ, giveUp);
      const onCommit = () => (progress.isCommitting = true);
      return {
        result: inTransaction(client, statement, { timeoutMs, onCommit }),
        close: () => {
          stopWatch();
          // The transaction, if it is open still, is undone by the server. Nobody waits for the goodbye.
          client.end().catch(() => undefined);
        },
      };
    },
    explain: (error) => postgresFailure(error, progress),
  });
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
