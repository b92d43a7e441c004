import { z } from 'zod';

import type { ActionDef, ConnectorDef } from '#connectors/contract.ts';
import type { Effect } from '#core/flow-document.ts';
import type { HttpCall, HttpFacts } from './http-call.ts';

/** An operation over HTTP. What is left out is the same for all of a connector, or the usual. */
export interface HttpOperation extends Pick<
  ActionDef,
  'id' | 'label' | 'summary' | 'input' | 'output' | 'sample' | 'initialConfig' | 'timeoutSeconds' | 'note'
> {
  /** Default 1. */
  readonly version?: number;
  /**
   * `keyed` where the same call twice leaves the same: the vendor honours the key, or it sets what it names. A call that makes
   * something new with every time is `once`.
   */
  readonly effect: Effect;
  /** Absent where a handler is written by hand. */
  readonly call?: HttpCall;
}

/** What the operations of a connector share. */
export interface OperationsOf extends Pick<ConnectorDef, 'id' | 'label' | 'icon'> {
  readonly http?: HttpFacts;
  /** Kinds of connections besides its own: `bearer_token` where a person's own token does as well. */
  readonly alsoTakes?: readonly string[];
}

/** The actions of a connector whose calls are data. They need a connection; the handlers come from `httpHandlers`. */
export function httpOperations(
  { id, label, icon, http, alsoTakes = [] }: OperationsOf,
  operations: readonly HttpOperation[],
): readonly ActionDef[] {
  return operations.map(({ version = 1, note, ...operation }) => ({
    ...operation,
    kind: 'action',
    version,
    icon,
    connectors: [id, ...alsoTakes],
    needsConnection: () => true,
    note: [note, effectNote(operation.effect, label, http)].filter((text) => text !== undefined).join(' '),
  }));
}

function effectNote(effect: Effect, label: string, http: HttpFacts | undefined): string | undefined {
  if (effect === 'once')
    return `${label} cannot tell a repeated call from a new one: if a crash leaves open whether it happened, the run stops in doubt and asks a person.`;
  if (effect === 'keyed' && http?.honoursKeys !== true)
    return 'Doing it twice leaves the same as doing it once.';
  return undefined;
}

/** The setting for how many items a list may have, over all pages. `page`: how many one page has, the default. */
export function limitSetting(page: number) {
  return z
    .int()
    .min(1)
    .max(10_000)
    .default(page)
    .meta({ title: 'Limit', help: `How many at most. A page of the vendor has ${page}.`, advanced: true });
}
