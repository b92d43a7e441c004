import type { Socket } from 'node:net';

import mysql, { type Connection, type ExecuteValues, type FieldPacket, type ResultSetHeader } from 'mysql2';

import type { OpenConnection, StepContext } from '#connectors/contract.ts';
import { converse } from '#connectors/converse.ts';
import { rowOf, tooManyRows } from '#connectors/sql/rows.ts';
import { MAX_BYTES_READ } from '#connectors/sql/settings.ts';
import type { Statement } from '#connectors/sql/statement.ts';
import { watchBytes } from '#connectors/sql/watch-bytes.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { mysqlFailure } from './mysql-failure.ts';
import { readValue } from './read-value.ts';

export interface StatementResult {
  readonly rows: readonly JsonObject[];
  /** Rows that were read, or written. */
  readonly rowCount: number;
  readonly insertId: string | null;
}

/** Runs a statement over a socket of its own. Throws `StepFailure`. */
export function runStatement(
  statement: Statement,
  fields: OpenConnection['fields'],
  context: Pick<StepContext, 'dial' | 'signal' | 'timeoutMs'>,
): Promise<StatementResult> {
  const { host = '', port = '3306' } = fields;
  const { timeoutMs } = context;
  const progress = { target: `${host}:${port}`, mayHaveChanged: false };
  return converse<StatementResult>(context, {
    target: { host, port: Number(port) },
    begin: (socket, giveUp) => {
      const connection = makeConnection(fields, socket, timeoutMs);
      connection.on('error', giveUp);
      const stopWatch = watchBytes(socket, MAX_BYTES_READ, giveUp);
      const onChange = () => (progress.mayHaveChanged = true);
      return {
        result: inTransaction(connection, statement, { timeoutMs, onChange }),
        close: () => {
          stopWatch();
          // The transaction, if it is open still, is undone by the server.
          connection.destroy();
        },
      };
    },
    explain: (error) => mysqlFailure(error, progress),
  });
}

function makeConnection(fields: OpenConnection['fields'], socket: Socket, timeoutMs: number): Connection {
  const { host, port, database, user, password, ssl = 'verify-full', ca } = fields;
  const isChecked = ssl === 'verify-full';
  return mysql.createConnection({
    host,
    port: Number(port),
    database,
    user,
    password,
    stream: () => socket,
    connectTimeout: timeoutMs,
    // An object of its own: the driver resumes TLS sessions among those that share one.
    ...(ssl !== 'disable' && {
      ssl: {
        rejectUnauthorized: isChecked,
        verifyIdentity: isChecked,
        minVersion: 'TLSv1.2',
        ...(ca !== undefined && { ca }),
      },
    }),
    // A server must not make us read files, nor ask for the password in the clear.
    flags: ['-LOCAL_FILES'],
    enableCleartextPlugin: false,
    multipleStatements: false,
    disableEval: true,
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    timezone: 'Z',
    charset: 'utf8mb4',
  });
}

async function inTransaction(
  connection: Connection,
  statement: Statement,
  { timeoutMs, onChange }: { readonly timeoutMs: number; readonly onChange: () => void },
): Promise<StatementResult> {
  const mode = statement.isReadOnly ? 'READ ONLY' : 'READ WRITE';
  const [[version = '']] = (await told(connection, 'SELECT VERSION()')) as [[string]];
  await told(connection, /MariaDB/i.test(version) ? mariaLimit(timeoutMs) : mysqlLimit(timeoutMs));
  await told(
    connection,
    `SET SESSION time_zone = '+00:00', sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')`,
  );
  await told(connection, `SET SESSION TRANSACTION ${mode}`);
  await told(connection, `START TRANSACTION ${mode}`);
  if (!statement.isReadOnly) onChange();
  const result = await ask(connection, statement);
  await told(connection, 'COMMIT');
  return result;
}

/** Seconds, of any statement. */
function mariaLimit(timeoutMs: number): string {
  return `SET SESSION max_statement_time = ${(timeoutMs / 1_000).toFixed(3)}`;
}

/** Milliseconds, of statements that read; for others the step's own time limit is all there is. */
function mysqlLimit(timeoutMs: number): string {
  return `SET SESSION max_execution_time = ${Math.ceil(timeoutMs)}`;
}

function told(connection: Connection, text: string): Promise<unknown> {
  return new Promise((done, fail) =>
    connection.query(text, (error, result) => (error ? fail(error) : done(result))),
  );
}

function ask(connection: Connection, { text, values, maxRows }: Statement): Promise<StatementResult> {
  return new Promise((done, fail) => {
    const rows: JsonObject[] = [];
    let fields: readonly FieldPacket[] = [];
    let header: ResultSetHeader | undefined;
    // Prepared: it takes one statement alone, and its values apart.
    const execution = connection.execute({ sql: text, values: values.map(parameterOf) });
    execution.on('error', fail);
    execution.on('fields', (found?: readonly FieldPacket[]) => (fields = found ?? []));
    execution.on('result', (row: readonly unknown[] | ResultSetHeader) => {
      try {
        if (!Array.isArray(row)) return void (header = row as ResultSetHeader);
        if (rows.length === maxRows) throw tooManyRows(maxRows);
        const names = fields.map(({ name }) => name);
        return void rows.push(
          rowOf(
            names,
            row.map((value, index) => readValue(value, fields[index]!)),
          ),
        );
      } catch (error) {
        return fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
    execution.on('end', () =>
      done({ rows, rowCount: header?.affectedRows ?? rows.length, insertId: insertIdOf(header) }),
    );
  });
}

function parameterOf(value: Json): ExecuteValues {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  // As a whole number: LIMIT takes no other.
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function insertIdOf(header: ResultSetHeader | undefined): string | null {
  const id = String(header?.insertId ?? 0);
  return id === '0' ? null : id;
}
