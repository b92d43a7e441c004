import type { JsonObject } from '../../json.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { given } from '../mapped.ts';
import { many } from './item-data.ts';
import { rowValues, setting } from './n8n-app-kit.ts';
import { askConnection, askValue, becomes, leftOut, type N8nMapping, type N8nNode } from './n8n-node.ts';

export const postgres: N8nMapping = (node) => {
  const operation = textAt(node.parameters, ['operation'], 'insert');
  const rows = many(`steps.${node.id}.rows`);
  const table = setting(node, 'Table', 'table');
  const schema = setting(node, 'Schema', 'schema');
  const config: JsonObject | undefined =
    operation === 'executeQuery'
      ? query(node)
      : operation === 'insert' || operation === 'upsert'
        ? given({
            schema,
            table,
            rows: [rowValues(node) ?? {}],
            ...(operation === 'upsert' && {
              conflict: at(node.parameters, 'columns', 'matchingColumns') ?? [],
            }),
          })
        : operation === 'select'
          ? select(node)
          : undefined;
  if (config === undefined)
    return leftOut(node, `“${operation}” has no node here.`, 'Use “Query” of Postgres with the statement.');
  askConnection(node, 'Postgres');
  return becomes(
    node,
    operation === 'insert' || operation === 'upsert' ? `postgres.${operation}` : 'postgres.query',
    config,
    rows,
  );
};

function query(node: N8nNode): JsonObject {
  const sql = textAt(node.parameters, ['query']);
  const isReadOnly = /^\s*(?:select|with)\b/i.test(sql) && !/\b(?:insert|update|delete|merge)\b/i.test(sql);
  const written = at(node.parameters, 'options', 'queryReplacement');
  const values =
    written === undefined
      ? undefined
      : typeof written === 'string' && !written.startsWith('=[') && !/^=\{\{\s*\[/.test(written)
        ? splitValues(written).map((part, at) => node.values.value(part, `Values ${at + 1}`))
        : node.values.value(written, 'Values');
  if (sql.includes('{{')) {
    askValue(
      node,
      'SQL',
      'The statement takes no expressions: what comes from outside goes into the values.',
      'Write $1, $2 … in its place, and the expressions into “Values”.',
      sql,
    );
    return { isReadOnly, sql: '' };
  }
  return given({ sql: sql.replace(/^=/, ''), values, isReadOnly });
}

function splitValues(written: string): readonly string[] {
  const isExpression = written.startsWith('=');
  return written
    .replace(/^=/, '')
    .split(/,(?![^{]*\}\})/)
    .map((part) => (isExpression ? `=${part.trim()}` : part.trim()));
}

/** n8n builds the statement of a select itself; conditions are to be written by hand. */
function select(node: N8nNode): JsonObject {
  const table = textAt(node.parameters, ['table', 'value'], textAt(node.parameters, ['table']));
  const schema = textAt(node.parameters, ['schema', 'value'], 'public');
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const where = objectsAt(node.parameters, 'where', 'values');
  if (where.length > 0)
    askValue(node, 'SQL', 'Conditions are not taken over.', 'Add a WHERE with $1, $2 …, and the values.', [
      ...where,
    ]);
  return {
    sql: `SELECT * FROM ${quoted(schema)}.${quoted(table)}${at(node.parameters, 'returnAll') === true ? '' : ` LIMIT ${Number(textAt(node.parameters, ['limit'], '50')) || 50}`}`,
    isReadOnly: true,
  };
}
