import type { ConnectorDef, ProofLevel } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import type { Judged } from './judged.ts';
import { code, page, plain, table } from './markdown.ts';

const LEVELS: Readonly<Record<ProofLevel, string>> = {
  real_server: 'a real server',
  vendor_specification: 'the vendor’s specification',
  vendor_sdk: 'the vendor’s SDK',
  own_fake: 'our own reading of the vendor’s documentation',
};

/** The page about connectors of apps: how each is connected, and by what its requests were judged. */
export function connectorsPage(judged: Judged): string {
  const apps = CONNECTORS.filter(({ category }) => category === 'app');
  return page(
    '# Connectors',
    'Apps that Patchbay has operations for. None of them was tried with a real account by our tests: they make every request of every operation, by the real handler, and hold it against something that the vendor published. Mail and databases are tried on real servers. The last columns say what, and for how many.',
    table(
      ['connector', 'connected by', 'operations', 'judged by', 'operations judged', 'lists judged'],
      apps.map((app) => summaryRow(app, judged[app.id])),
    ),
    'To judge means: the path and the method exist, required parameters are there, none is unknown, and types and bodies fit, unknown members included. It does not say what the vendor answers; replies are in the examples as the vendor documents them.',
    ...apps.flatMap((app) => section(app, judged[app.id])),
    '[All node types](README.md) · [write a connector](../guides/write-a-connector.md)',
  );
}

type JudgedApp = Judged[string] | undefined;

function summaryRow(app: ConnectorDef, judged: JudgedApp): readonly string[] {
  const actions = app.operations.filter(({ kind }) => kind === 'action').length;
  const lists = Object.keys(app.optionLoaders ?? {}).length;
  return [
    `[${plain(app.label)}](#${anchor(app.label)})`,
    connectedBy(app),
    String(app.operations.length),
    app.proof === undefined ? '' : LEVELS[app.proof],
    `${app.proof === 'real_server' ? actions : Object.keys(judged?.operations ?? {}).length} of ${actions}`,
    lists === 0 ? '' : `${Object.keys(judged?.lists ?? {}).length} of ${lists}`,
  ];
}

/** As GitHub makes them of headings. */
function anchor(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function connectedBy({ oauth, operations, connection }: ConnectorDef): string {
  if (connection && 'host' in connection.shape) return 'an address and a password';
  const takesTokens = operations.some(
    ({ connectors }) => Array.isArray(connectors) && connectors.includes('bearer_token'),
  );
  return [oauth ? 'consent (OAuth)' : 'a key', ...(takesTokens ? ['a token'] : [])].join(' or ');
}

function section(app: ConnectorDef, judged: JudgedApp): readonly string[] {
  const { id, label, summary, oauth, operations, connection } = app;
  const fields = Object.entries(connection?.shape ?? {});
  return [
    `## ${plain(label)}`,
    `${plain(summary)} A connection is of the kind ${code(id)}.`,
    proofText(app, judged),
    fields.length === 0
      ? ''
      : table(
          ['field', 'meaning'],
          fields.map(([name, field]) => [
            code(name),
            plain([field.meta()?.title, field.meta()?.help].filter(Boolean).join('. ')),
          ]),
        ),
    oauth?.setup ? setupText(app) : '',
    oauth
      ? table(
          ['scope', 'allows'],
          oauth.scopes.map((scope) => [code(scope.id), plain(scope.says)]),
        )
      : '',
    table(
      ['operation', 'effect', 'calls'],
      operations.map((operation) => [
        `[${plain(operation.label)}](nodes/${id}.${operation.id}.md)`,
        operation.kind === 'action' && typeof operation.effect === 'string' ? code(operation.effect) : '',
        (judged?.operations[operation.id]?.calls ?? []).map(code).join(', '),
      ]),
    ),
  ];
}

function proofText({ proof, operations }: ConnectorDef, judged: JudgedApp): string {
  if (proof === 'real_server') return 'Every operation is carried out on a real server in our tests.';
  if (!judged) return proof === 'own_fake' ? 'Not verified against anything of the vendor’s.' : '';
  const approvals = [...Object.entries(judged.operations), ...Object.entries(judged.lists)];
  const counts = new Map<string, number>();
  for (const [, { by }] of approvals) for (const each of by) counts.set(each, (counts.get(each) ?? 0) + 1);
  const judges = [...counts].map(
    ([by, count]) => `${plain(by)} judges ${count} ${count === 1 ? 'request' : 'requests'}`,
  );
  const left = operations.filter(
    ({ kind, id }) => kind === 'action' && !Object.hasOwn(judged.operations, id),
  );
  const rest = [
    ...left.map(({ label }) => `${plain(label)} is not verified.`),
    ...Object.entries(judged.unjudged).map(
      ([what, why]) => `Not judged: the ${plain(nameOf(what))}. ${plain(why)}`,
    ),
  ];
  return `${judges.join('; ')}. ${rest.join(' ')}`.trim();
}

/** `lists/sites`, `account`. */
function nameOf(what: string): string {
  const [kind, name] = what.split('/');
  return name === undefined ? `call for the ${what}` : `${kind === 'lists' ? 'list' : 'operation'} ${name}`;
}

function setupText({ label, oauth }: ConnectorDef): string {
  const { url, steps } = oauth!.setup!;
  const where = url.startsWith('{') ? '' : ` ([where](${url}))`;
  return `${url.startsWith('{') ? 'To connect' : 'To register an OAuth app with'} ${plain(label)}${where}:\n\n${steps.map((step, index) => `${index + 1}. ${plain(step)}`).join('\n')}`;
}
