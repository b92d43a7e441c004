import type { ConnectorDef, MarkShape, OperationDef } from './contract.ts';
import { CONNECTORS } from './definitions.ts';

export interface ConnectorLook {
  readonly label: string;
  readonly icon: string;
  readonly mark?: readonly MarkShape[];
  /** Its accounts are connected on the provider's own consent screen. */
  readonly hasConsent: boolean;
  /** There is a call that shows whether a connection works. */
  readonly canTest: boolean;
}

export interface OperationLook {
  readonly label: string;
  readonly icon: string;
  readonly mark?: readonly MarkShape[];
}

export interface ConnectorLooks {
  /** By the connector's id. */
  readonly connectors: Readonly<Record<string, ConnectorLook>>;
  /** By the node's type; of its first version. */
  readonly triggers: Readonly<Record<string, OperationLook>>;
}

/** What is said of a step of a run. */
export interface StepLook {
  readonly label: string;
  /** After it failed, its settings can be written anew: a loop begins with its own list, and what waits for somebody else has nothing to be fixed. */
  readonly isFixable: boolean;
}

/** By the node's type and version: `core.map@1`. */
export type StepLooks = Readonly<Record<string, StepLook>>;

/** What pages show of the registry where they do not draw flows: a few kilobytes, for the server to send along. */
export function connectorLooks(): ConnectorLooks {
  return {
    connectors: Object.fromEntries(CONNECTORS.map((connector) => [connector.id, lookOf(connector)])),
    triggers: Object.fromEntries(CONNECTORS.flatMap(triggerLooks)),
  };
}

/** What the page of a run says of its steps before the flow is drawn. */
export function stepLooks(): StepLooks {
  return Object.fromEntries(
    CONNECTORS.flatMap(({ id, operations }) =>
      operations.map((operation) => [
        `${id}.${operation.id}@${operation.version}`,
        { label: operation.label, isFixable: isFixable(operation) },
      ]),
    ),
  );
}

function isFixable(operation: OperationDef): boolean {
  return operation.kind === 'action' && operation.isLoop !== true && operation.canWait !== true;
}

function lookOf({ label, icon, mark, oauth, account }: ConnectorDef): ConnectorLook {
  return {
    label,
    icon,
    ...(mark && { mark }),
    hasConsent: oauth?.grant === 'authorization_code',
    canTest: account !== undefined,
  };
}

function triggerLooks({ id, mark, operations }: ConnectorDef): readonly (readonly [string, OperationLook])[] {
  return operations
    .filter(({ kind, version }) => kind === 'trigger' && version === 1)
    .map((operation) => [
      `${id}.${operation.id}`,
      { label: operation.label, icon: operation.icon, ...(mark && { mark }) },
    ]);
}
