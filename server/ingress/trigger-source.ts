import { findOperation } from '#connectors/definitions.ts';
import { findSubscriptionHandler, triggerKey } from '#connectors/trigger-handlers.ts';
import type { DeliveryDef } from '#connectors/trigger-contract.ts';
import type { JsonObject } from '#core/json.ts';
import type { Verify } from '#server/ingress/verify/verification.ts';
import { verifierOfSource } from '#server/ingress/verify/verifier.ts';

/** A connector's trigger, made ready to judge what its provider sends. */
export interface TriggerSource {
  /** Its type and version. */
  readonly key: string;
  readonly connector: string;
  readonly settings: JsonObject;
  readonly delivery: DeliveryDef;
  /** Judges by the field `secret`. */
  readonly verify: Verify;
}

/** The source of a trigger that its provider is asked to send to; null for every other type, and for settings that are none of its. */
export function triggerSource(node: {
  readonly type: string;
  readonly version: number;
  readonly config: JsonObject;
}): TriggerSource | null {
  const found = findOperation(node.type, node.version);
  const handler = findSubscriptionHandler(triggerKey(node));
  if (!found || !handler) return null;
  const settings = found.operation.input.safeParse(node.config);
  if (!settings.success) return null;
  const { delivery } = handler;
  return {
    key: triggerKey(node),
    connector: found.connector.id,
    settings: settings.data as JsonObject,
    delivery,
    verify: verifierOfSource(delivery.signature),
  };
}
