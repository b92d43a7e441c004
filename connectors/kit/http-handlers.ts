import type { ConnectorDef } from '#connectors/contract.ts';
import { type HandlerDef, handleAction } from '#connectors/handle-action.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { type Encodings, ENCODINGS } from './fill-template.ts';
import { makeCall, requireConnection } from './make-call.ts';

/** What of a connector's operations is code. */
export interface HandlerParts {
  /** Ways to write a setting, by name, besides the usual ones: see `SettingRef.as`. */
  readonly encodings?: Encodings;
  /** By the id of an operation: makes the output of what was picked of the reply. */
  readonly finish?: Readonly<Record<string, (reply: Json) => Json>>;
}

/**
 * The handlers of all operations of a connector that say their call as data (`ActionDef.call`). What a call cannot say gets a
 * handler written by hand, beside these.
 */
export function httpHandlers(
  connector: ConnectorDef,
  { encodings, finish = {} }: HandlerParts = {},
): readonly HandlerDef[] {
  const all = { ...ENCODINGS, ...encodings };
  return connector.operations.flatMap((operation) => {
    if (operation.kind !== 'action' || !operation.call) return [];
    const { call } = operation;
    const key = `${connector.id}.${operation.id}@${operation.version}`;
    return [
      handleAction(key, operation.input, async (settings, context) => {
        requireConnection(connector, context);
        const reply = await makeCall({ connector, call, encodings: all }, settings as JsonObject, context);
        return { output: finish[operation.id]?.(reply) ?? reply };
      }),
    ];
  });
}
