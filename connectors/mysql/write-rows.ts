import type { z } from 'zod';

import { type Dialect, insertRows } from '#connectors/sql/insert-rows.ts';
import { columnsOf } from '#connectors/sql/rows.ts';
import type { Statement } from '#connectors/sql/statement.ts';
import type { mysqlInsertInput } from './definition.ts';

type Settings = z.output<typeof mysqlInsertInput>;

const DIALECT: Dialect = { quote, place: () => '?' };

export function insertStatement(input: Settings): Statement {
  return { ...insertRows(input, DIALECT), isReadOnly: false, maxRows: 0 };
}

/** The statement that adds rows, or gives those whose unique keys are there already the columns of the new ones. */
export function upsertStatement(input: Settings): Statement {
  const set = columnsOf(input.rows).map((name) => `${quote(name)} = VALUES(${quote(name)})`);
  const { text, ...rest } = insertStatement(input);
  return { ...rest, text: `${text} ON DUPLICATE KEY UPDATE ${set.join(', ')}` };
}

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
