import { CONNECTORS } from '#connectors/definitions.ts';
import { code, page, plain, table } from './markdown.ts';

/** The contents of the reference. */
export function indexPage(): string {
  const triggers = operations().filter(({ operation }) => operation.kind === 'trigger');
  const actions = operations().filter(({ operation }) => operation.kind === 'action');
  const connectors = CONNECTORS.filter(({ operations }) => operations.some(({ kind }) => kind === 'action'));
  const credentials = CONNECTORS.filter(
    ({ connection, category }) => connection !== undefined && category !== 'app',
  );
  return page(
    '# Reference',
    'Made from the product itself by `node scripts/make-reference.ts`. Every example on these pages is run by `npm test`.',
    '- [Expressions](expressions.md): what they can name, and every function\n- [Flows](flows.md): the settings of flows and the options that every node has\n- [Connectors](connectors.md): how each app is connected, and by what it was proven',
    '## Triggers',
    table(['node type', 'does'], triggers.map(rowOf)),
    ...connectors.flatMap(({ id, label }) => [
      `## ${plain(label)}`,
      table(['node type', 'does'], actions.filter(({ connector }) => connector.id === id).map(rowOf)),
    ]),
    '## Connections',
    'Besides those of [apps](connectors.md):',
    table(
      ['kind', 'what it is', 'fields'],
      credentials.map(({ id, summary, connection }) => [
        code(id),
        plain(summary),
        Object.keys(connection?.shape ?? {})
          .map(code)
          .join(', '),
      ]),
    ),
  );
}

function operations() {
  return CONNECTORS.flatMap((connector) =>
    connector.operations.map((operation) => ({ connector, operation })),
  );
}

function rowOf({ connector, operation }: ReturnType<typeof operations>[number]): readonly string[] {
  const type = `${connector.id}.${operation.id}`;
  return [`[${plain(operation.label)}](nodes/${type}.md) ${code(type)}`, plain(operation.summary)];
}
