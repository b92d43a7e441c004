import type { z } from 'zod';

import type { NodeType } from '#core/catalog.ts';
import type { JsonObject } from '#core/json.ts';
import { checkConfig } from './check-config.ts';
import type { ConnectorDef, OperationDef } from './contract.ts';
import { fieldMeta } from './field-meta.ts';

/** What `core` needs to know of an operation. `callers`: the ids of all connectors with a `callAuth`. */
export function nodeTypeOf(
  connector: ConnectorDef,
  operation: OperationDef,
  callers: readonly string[],
): NodeType {
  const connectors = operation.connectors === 'callers' ? callers : operation.connectors;
  return {
    type: `${connector.id}.${operation.id}`,
    version: operation.version,
    kind: operation.kind,
    label: operation.label,
    isLoop: operation.isLoop === true,
    canWait: operation.canWait === true,
    mayFollowNone: operation.mayFollowNone === true,
    endsRun: operation.endsRun === true,
    ports: (config) => listFrom(operation.outputs, config) ?? ['out'],
    effect: (config) => effectOf(operation, config),
    connectors: (config) => listFrom(connectors, config) ?? [],
    needsConnection: (config) => operation.needsConnection?.(config) ?? false,
    checkConfig: (config) => checkConfig(operation.input, config),
    names: (setting) => namesIn(operation.input, setting),
    sample: operation.sample,
  };
}

type Listing = readonly string[] | ((config: JsonObject) => readonly string[]) | undefined;

function listFrom(listing: Listing, config: JsonObject): readonly string[] | undefined {
  return typeof listing === 'function' ? listing(config) : listing;
}

/** Triggers do nothing themselves: the event is there before the run. */
function effectOf(operation: OperationDef, config: JsonObject): ReturnType<NodeType['effect']> {
  if (operation.kind === 'trigger') return 'pure';
  return typeof operation.effect === 'function' ? operation.effect(config) : operation.effect;
}

function namesIn(input: z.ZodObject, setting: string): readonly string[] | undefined {
  const field = Object.hasOwn(input.shape, setting) ? input.shape[setting] : undefined;
  return field && fieldMeta(field).names;
}
