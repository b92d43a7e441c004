import type { ConnectorDef } from '#connectors/contract.ts';
import { type HandlerDef, handleAction } from '#connectors/handle-action.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { type Encodings, ENCODINGS } from './fill-template.ts';
import type { HttpCall } from './http-call.ts';
import { makeCall, requireConnection } from './make-call.ts';

/** Makes a call of the connector with these settings, and gives its output. */
export type CallMaker = (call: HttpCall, settings: JsonObject) => Promise<Json>;

/** Does one attempt of an operation that one call as data does not say: several calls, or what is written of several settings. */
export type HandWritten = (settings: JsonObject, call: CallMaker) => Promise<Json>;

/** Handlers by the ids of operations. Throws for an id that the connector does not have. */
export function handWritten(
  connector: ConnectorDef,
  handlers: Readonly<Record<string, HandWritten>>,
  encodings: Encodings = ENCODINGS,
): readonly HandlerDef[] {
  return Object.entries(handlers).map(([id, run]) => {
    const operation = connector.operations.find((each) => each.id === id);
    if (!operation) throw new Error(`${connector.id} has no operation “${id}”.`);
    return handleAction(
      `${connector.id}.${id}@${operation.version}`,
      operation.input,
      async (settings, context) => {
        requireConnection(connector, context);
        const call: CallMaker = (each, filled) =>
          makeCall({ connector, call: each, encodings }, filled, context);
        return { output: await run(settings as JsonObject, call) };
      },
    );
  });
}
