import type { StepContext, StepResult } from '#connectors/contract.ts';
import { type HandlerDef, handleAction } from '#connectors/handle-action.ts';
import { insertInput, queryInput } from '#connectors/sql/settings.ts';
import type { Statement } from '#connectors/sql/statement.ts';
import { upsertInput } from './definition.ts';
import { runStatement } from './run-statement.ts';
import { insertStatement, upsertStatement } from './write-rows.ts';

export const postgresHandlers: readonly HandlerDef[] = [
  handleAction('postgres.query@1', queryInput, ({ sql, values = [], isReadOnly, maxRows }, context) =>
    run({ text: sql, values, isReadOnly, maxRows }, context),
  ),
  handleAction('postgres.insert@1', insertInput, (input, context) => run(insertStatement(input), context)),
  handleAction('postgres.upsert@1', upsertInput, (input, context) => run(upsertStatement(input), context)),
];

async function run(statement: Statement, context: StepContext): Promise<StepResult> {
  const { rows, rowCount } = await runStatement(statement, context.connection?.fields ?? {}, context);
  return { output: { rows: [...rows], rowCount } };
}
