import type pg from 'pg';

import { BackupError } from '#server/backup/backup-error.ts';
import { copyIn } from '#server/backup/copy-rows.ts';
import { END_MARK } from '#server/backup/plain-dump.ts';

const NEWLINE = 0x0a;
const COPY = Buffer.from('COPY ');
const END_OF_ROWS = Buffer.from('\\.\n');

/**
 * Carries a plain backup out, without psql. Its `BEGIN` and `COMMIT` are left to the caller's transaction. Throws when it was
 * cut off.
 */
export async function restorePlain(client: pg.Client, lines: AsyncIterator<Buffer>): Promise<void> {
  let statements: string[] = [];
  let last = '';
  const run = async () => {
    if (statements.length > 0) await client.query(statements.join(''));
    statements = [];
  };
  for (;;) {
    const { value: line, done } = await lines.next();
    if (done) break;
    if (line.subarray(0, COPY.length).equals(COPY)) {
      await run();
      await copyIn(client, line.toString('utf8'), rowsOf(lines));
      continue;
    }
    last = line.toString('utf8');
    if (!/^(BEGIN|COMMIT);\n$/.test(last)) statements.push(last);
  }
  if (last.trimEnd() !== END_MARK) throw cutOff();
  await run();
}

async function* rowsOf(lines: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (;;) {
    const { value: line, done } = await lines.next();
    if (done) throw cutOff();
    if (line.equals(END_OF_ROWS)) return;
    yield line;
  }
}

/** The lines of a stream, each with its end; a line is kept in memory whole, as Postgres keeps a row. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      const end = chunk.subarray(from, to + 1);
      yield parts.length === 0 ? end : Buffer.concat([...parts, end]);
      parts = [];
      from = to + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
  return undefined;
}

function cutOff(): BackupError {
  return new BackupError('The backup is not whole: it was cut off. Nothing was restored; use another one.');
}
