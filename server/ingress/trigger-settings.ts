import { webhookInput, type WebhookSettings } from '#connectors/core/webhook.ts';
import { flowSettingsSchema, type FlowSettings } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import { readRanges, type AddressRange } from '#server/ingress/address.ts';
import { schemaCheck, type SchemaCheck } from '#server/ingress/schema-check.ts';
import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { verifierOf } from '#server/ingress/verify/verifier.ts';
import type { Verify } from '#server/ingress/verify/verification.ts';
import { log } from '#server/log.ts';
import { TRIGGER_OF_VERSION } from '#server/sql/find-hooks.ts';

/** A version's webhook trigger, made ready to judge requests. */
export interface Trigger {
  readonly settings: WebhookSettings;
  /** Slug of the connection that holds the secret. */
  readonly connectionSlug: string | null;
  readonly ranges: readonly (AddressRange | null)[];
  readonly verify: Verify;
  /** Null when bodies are not checked. */
  readonly checkBody: SchemaCheck | null;
  /** The setting of the flow, by which its runs stand in line. */
  readonly concurrency: FlowSettings['concurrency'];
}

const MAX_KEPT = 1_000;
const kept = new Map<string, Promise<Trigger | null>>();

/**
 * The webhook trigger of a version; null when the version has none, or settings that this release cannot read.
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

async function loadTrigger(versionId: string): Promise<Trigger | null> {
  const { rows } = await ingressPool().query<{ node: unknown; concurrency: unknown }>({
    name: 'ingress_trigger_of_version',
    text: TRIGGER_OF_VERSION,
    values: [versionId],
  });
  const node = rows[0]?.node;
  if (!isJsonObject(node)) return null;
  const parsed = webhookInput.safeParse(node['config'] ?? {});
  if (!parsed.success) {
    log.error(
      { part: 'ingress', versionId, issues: parsed.error.issues },
      'A published webhook has settings that cannot be read',
    );
    return null;
  }
  const settings = parsed.data;
  return {
    settings,
    connectionSlug: typeof node['connection'] === 'string' ? node['connection'] : null,
    ranges: readRanges(settings.ipAllow ?? []),
    verify: verifierOf(settings.verify),
    checkBody:
      settings.schema && settings.onSchemaMismatch !== 'accept' ? schemaCheck(settings.schema) : null,
    concurrency: flowSettingsSchema.shape.concurrency.parse(rows[0]?.concurrency ?? undefined),
  };
}
