import { once } from 'node:events';
import { Readable } from 'node:stream';

import type pg from 'pg';

/** The part of pg's connection that COPY needs. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
  readonly stream: {
    pause(): void;
    resume(): void;
    readonly writableNeedDrain: boolean;
  } & NodeJS.EventEmitter;
}

/** What pg's client calls while a statement of ours is the one in hand. */
class CopyStatement {
  readonly #text: string;
  connection: CopyConnection | undefined;
  handleCopyData: (message: { readonly chunk: Buffer }) => void = () => undefined;
  handleCopyInResponse: (connection: CopyConnection) => void = () => undefined;
  handleReadyForQuery: () => void = () => undefined;
  handleError: (error: Error) => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
  }

  submit(connection: unknown): void {
    this.connection = connection as CopyConnection;
    this.connection.query(this.#text);
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
}

/** The rows that a `COPY … TO STDOUT` gives, as they come; Postgres is held back while nobody reads. */
export function copyOut(client: pg.Client, text: string): Readable {
  const statement = new CopyStatement(text);
  const rows = new Readable({ read: () => statement.connection?.stream.resume() });
  statement.handleCopyData = ({ chunk }) => {
    // pg writes over the chunk later.
    if (!rows.push(Buffer.from(chunk))) statement.connection?.stream.pause();
  };
  statement.handleReadyForQuery = () => rows.push(null);
  statement.handleError = (error) => rows.destroy(error);
  client.query(statement);
  return rows;
}

/** Gives rows to a `COPY … FROM STDIN`, no faster than Postgres takes them. Rejects with what it refuses. */
export async function copyIn(client: pg.Client, text: string, rows: AsyncIterable<Buffer>): Promise<void> {
  const statement = new CopyStatement(text);
  const isDone = Promise.withResolvers<void>();
  const isReady = Promise.withResolvers<CopyConnection>();
  let failure: Error | undefined;
  statement.handleCopyInResponse = (connection) => isReady.resolve(connection);
  statement.handleReadyForQuery = () => isDone.resolve();
  statement.handleError = (error) => {
    failure = error;
    isReady.reject(error);
    isDone.reject(error);
  };
  isDone.promise.catch(() => undefined);
  client.query(statement);
  const connection = await isReady.promise;
  try {
    for await (const row of rows) {
      if (failure) break;
      connection.sendCopyFromChunk(row);
      if (connection.stream.writableNeedDrain)
        await Promise.race([once(connection.stream, 'drain'), isDone.promise]);
    }
    if (!failure) connection.endCopyFrom();
  } catch (error) {
    if (failure) throw failure;
    connection.sendCopyFail('The rows could not be read.');
    await isDone.promise.catch(() => undefined);
    throw error;
  }
  await isDone.promise;
}
