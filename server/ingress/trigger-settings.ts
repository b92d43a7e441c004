import { webhookInput, type WebhookSettings } from '#connectors/core/webhook.ts';
import { typesDeliveredBy } from '#connectors/definitions.ts';
import { onDriftIn } from '#connectors/on-drift.ts';
import type { FlowSettings } from '#core/flow-document.ts';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import { readRanges, type AddressRange } from '#server/ingress/address.ts';
import { schemaCheck, type SchemaCheck } from '#server/ingress/schema-check.ts';
import { readHookSettings, type HookSettingsRow } from '#server/ingress/hook-settings.ts';
import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { triggerSource, type TriggerSource } from '#server/ingress/trigger-source.ts';
import { verifierOf } from '#server/ingress/verify/verifier.ts';
import type { Verify } from '#server/ingress/verify/verification.ts';
import { log } from '#server/log.ts';
import { TRIGGER_OF_DRAFT, TRIGGER_OF_VERSION } from '#server/sql/find-hooks.ts';

/** A version's trigger that events are sent to, made ready to judge requests. */
export interface Trigger {
  /** Of a connector's trigger: those of a webhook that it amounts to. */
  readonly settings: WebhookSettings;
  /** Set for a connector's trigger, which understands what its provider sends; null for a webhook. */
  readonly source: TriggerSource | null;
  /** Slug of the connection that holds the secret. */
  readonly connectionSlug: string | null;
  readonly ranges: readonly (AddressRange | null)[];
  readonly verify: Verify;
  /** Null when bodies are not checked. */
  readonly checkBody: SchemaCheck | null;
  /** The setting of the flow, by which its runs stand in line. */
  readonly concurrency: FlowSettings['concurrency'];
  /** The setting of the flow, by which its runs are found. */
  readonly businessKey: FlowSettings['businessKey'];
}

const MAX_KEPT = 1_000;
const kept = new Map<string, Promise<Trigger | null>>();

/**
 * The trigger of a version that events are sent to; null when the version has none, or settings that this release cannot read.
 * Versions never change, so each is read once.
 */
export function triggerOfVersion(versionId: string): Promise<Trigger | null> {
  const known = kept.get(versionId);
  if (known) return known;
  const loading = loadTrigger(versionId);
  loading.catch(() => kept.delete(versionId));
  kept.set(versionId, loading);
  const oldest = kept.size > MAX_KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return loading;
}

/** The webhook that the draft of a flow begins with, as it is now; null when it begins with something else, or with settings that cannot be read. */
export async function triggerOfDraft(flowId: string): Promise<Trigger | null> {
  const { rows } = await ingressPool().query<TriggerRow>({
    name: 'ingress_trigger_of_draft',
    text: TRIGGER_OF_DRAFT,
    values: [flowId, ['core.webhook']],
  });
  const [row] = rows;
  const trigger = row && isJsonObject(row.node) ? webhookTrigger(row.node) : null;
  return trigger && row ? { ...trigger, ...readHookSettings(row) } : null;
}

type TriggerRow = { readonly node: unknown } & HookSettingsRow;

async function loadTrigger(versionId: string): Promise<Trigger | null> {
  const { rows } = await ingressPool().query<TriggerRow>({
    name: 'ingress_trigger_of_version',
    text: TRIGGER_OF_VERSION,
    values: [versionId, typesDeliveredBy('webhook', 'subscription')],
  });
  const [row] = rows;
  const node = row?.node;
  if (row === undefined || !isJsonObject(node)) return null;
  const trigger = node['type'] === 'core.webhook' ? webhookTrigger(node) : connectorTrigger(node);
  if (trigger) return { ...trigger, ...readHookSettings(row) };
  log.error({ part: 'ingress', versionId }, 'A published trigger has settings that cannot be read');
  return null;
}

type ReadTrigger = Omit<Trigger, 'concurrency' | 'businessKey'>;

function webhookTrigger(node: JsonObject): ReadTrigger | null {
  const parsed = webhookInput.safeParse(node['config'] ?? {});
  if (!parsed.success) return null;
  const settings = parsed.data;
  return {
    settings,
    source: null,
    connectionSlug: typeof node['connection'] === 'string' ? node['connection'] : null,
    ranges: readRanges(settings.ipAllow ?? []),
    verify: verifierOf(settings.verify),
    checkBody:
      settings.schema && settings.onSchemaMismatch !== 'accept' ? schemaCheck(settings.schema) : null,
  };
}

/** Its connection is the account that asks the provider; deliveries are judged by the secrets of its subscriptions instead. */
function connectorTrigger({ type, version, config }: JsonObject): ReadTrigger | null {
  const source = triggerSource({
    type: typeof type === 'string' ? type : '',
    version: typeof version === 'number' ? version : 0,
    config: isJsonObject(config) ? config : {},
  });
  if (!source) return null;
  const { verify } = source;
  const { maxBodyBytes } = source.delivery;
  const onDrift = onDriftIn(source.settings);
  const settings = webhookInput.parse({ onDrift, ...(maxBodyBytes !== undefined && { maxBodyBytes }) });
  return { settings, source, connectionSlug: null, ranges: [], verify, checkBody: null };
}
