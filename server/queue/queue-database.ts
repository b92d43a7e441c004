import { createHash } from 'node:crypto';

import type pg from 'pg';
import type { Db } from 'pg-boss';

/**
 * Lets pg-boss run its statements on a client or pool of ours, so that a job commits with the rows it announces.
 * Statements with parameters are prepared once a connection: pg-boss's insert costs more to plan than to run.
 */
export function queueDatabase(client: pg.ClientBase | pg.Pool): Db {
  return {
    executeSql: (text, values) =>
      values?.length
        ? client.query({ name: statementName(text), text, values: [...values] })
        : client.query(text),
  };
}

const names = new Map<string, string>();

function statementName(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `queue_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    names.set(text, name);
  }
  return name;
}
