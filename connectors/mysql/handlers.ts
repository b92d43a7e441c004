import type { StepContext, StepResult } from '#connectors/contract.ts';
import { type HandlerDef, handleAction } from '#connectors/handle-action.ts';
import { queryInput } from '#connectors/sql/settings.ts';
import type { Statement } from '#connectors/sql/statement.ts';
import { mysqlInsertInput } from './definition.ts';
import { runStatement } from './run-statement.ts';
import { insertStatement, upsertStatement } from './write-rows.ts';

export const mysqlHandlers: readonly HandlerDef[] = [
  handleAction('mysql.query@1', queryInput, async ({ sql, values = [], isReadOnly, maxRows }, context) => {
    const statement = { text: sql, values, isReadOnly, maxRows };
    const { rows, rowCount } = await runStatement(statement, context.connection?.fields ?? {}, context);
    return { output: { rows: [...rows], rowCount } };
  }),
  handleAction('mysql.insert@1', mysqlInsertInput, (input, context) =>
    write(insertStatement(input), context),
  ),
  handleAction('mysql.upsert@1', mysqlInsertInput, (input, context) =>
    write(upsertStatement(input), context),
  ),
];

async function write(statement: Statement, context: StepContext): Promise<StepResult> {
  const { rowCount, insertId } = await runStatement(statement, context.connection?.fields ?? {}, context);
  return { output: { rowCount, insertId } };
}
