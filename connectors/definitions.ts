import type { Catalog, NodeType } from '#core/catalog.ts';
import { acme } from './acme/definition.ts';
import type { ConnectorDef, OperationDef, TriggerDef } from './contract.ts';
import { coreConnector } from './core/definition.ts';
import { apiKey } from './credentials/api-key.ts';
import { basicAuth, bearerToken, signingSecret } from './credentials/definition.ts';
import { oauth2, oauth2Client } from './credentials/oauth.ts';
import { jwt } from './credentials/jwt.ts';
import { mtls } from './credentials/mtls.ts';
import { dataConnector } from './data/definition.ts';
import { github } from './github/definition.ts';
import { slack } from './slack/definition.ts';
import { notion } from './notion/definition.ts';
import { stripe } from './stripe/definition.ts';
import { hubspot } from './hubspot/definition.ts';
import { jira } from './jira/definition.ts';
import { googleSheets } from './google-sheets/definition.ts';
import { gmail } from './gmail/definition.ts';
import { microsoft } from './microsoft/definition.ts';
import { salesforce } from './salesforce/definition.ts';
import { httpConnector } from './http/definition.ts';
import { mysqlConnector } from './mysql/definition.ts';
import { nodeTypeOf } from './node-type.ts';
import { postgresConnector } from './postgres/definition.ts';
import { smtpConnector } from './smtp/definition.ts';

/** Every connector, the one list that palette, forms, validation, API reference and worker derive from. */
export const CONNECTORS: readonly ConnectorDef[] = [
  coreConnector,
  dataConnector,
  httpConnector,
  smtpConnector,
  postgresConnector,
  mysqlConnector,
  signingSecret,
  bearerToken,
  basicAuth,
  oauth2,
  oauth2Client,
  acme,
  github,
  slack,
  notion,
  stripe,
  hubspot,
  jira,
  googleSheets,
  gmail,
  microsoft,
  salesforce,
  apiKey,
  jwt,
  mtls,
];

/** The connector of an id; undefined when there is none. */
export function findConnector(id: string): ConnectorDef | undefined {
  return CONNECTORS.find((connector) => connector.id === id);
}

/** An operation and the connector it belongs to. */
export interface FoundOperation {
  readonly connector: ConnectorDef;
  readonly operation: OperationDef;
}

const callers = CONNECTORS.filter(({ callAuth }) => callAuth).map(({ id }) => id);
const operations = new Map<string, FoundOperation & { readonly nodeType: NodeType }>(
  CONNECTORS.flatMap((connector) =>
    connector.operations.map((operation) => {
      const nodeType = nodeTypeOf(connector, operation, callers);
      return [keyOf(nodeType.type, nodeType.version), { connector, operation, nodeType }] as const;
    }),
  ),
);

/** Looks node types up in the registry; what `core` functions take as `catalog`. */
export const catalog: Catalog = (type, version) => operations.get(keyOf(type, version))?.nodeType;

/** The types of the triggers whose events come in one of these ways. */
export function typesDeliveredBy(...ways: readonly TriggerDef['delivery'][]): readonly string[] {
  const found = [...operations.values()].filter(
    ({ operation }) => operation.kind === 'trigger' && ways.includes(operation.delivery),
  );
  return found.map(({ nodeType }) => nodeType.type);
}

/** The operation behind a node's `type` and `version`; undefined when there is none. */
export function findOperation(type: string, version: number): FoundOperation | undefined {
  return operations.get(keyOf(type, version));
}

function keyOf(type: string, version: number): string {
  return `${type}@${version}`;
}
