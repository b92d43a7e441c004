import { webhookInput } from '#connectors/core/webhook.ts';
import { onDriftIn } from '#connectors/on-drift.ts';
import { APP_EVENT_TRIGGERS, findAppEventHandler } from '#connectors/trigger-handlers.ts';
import type { AppEvent } from '#connectors/trigger-contract.ts';
import type { Shape } from '#core/drift/shape.ts';
import type { JsonObject } from '#core/json.ts';
import type { AppHook } from '#server/ingress/find-app-hook.ts';
import type { Hook, PublishedHook } from '#server/ingress/find-hook.ts';
import { readHookSettings, type HookSettingsRow } from '#server/ingress/hook-settings.ts';
import { ingressPool } from '#server/ingress/ingress-pool.ts';
import type { Trigger } from '#server/ingress/trigger-settings.ts';
import { APP_EVENT_FLOWS } from '#server/sql/find-app-hooks.ts';

/** A published flow that takes events of an app. */
export interface AppEventFlow {
  readonly hook: Hook;
  readonly published: PublishedHook;
  wants(event: AppEvent): boolean;
}

interface FlowRow extends HookSettingsRow {
  readonly flow_id: string;
  readonly token_hash: string;
  readonly slug: string;
  readonly version_id: string;
  readonly version_number: number;
  readonly trigger: string;
  readonly settings: JsonObject;
  readonly account_id: string;
  /** Null where the trigger leaves it open. */
  readonly on_drift: string | null;
  /** Null where nothing comes of it, or too little was seen. */
  readonly learned: Shape | null;
}

/** The published flows of the hook's workspace that may want events of these accounts. */
export async function appEventFlows(
  { workspaceId, source }: AppHook,
  accounts: readonly string[],
): Promise<readonly AppEventFlow[]> {
  const { rows } = await ingressPool().query<FlowRow>({
    name: 'ingress_app_event_flows',
    text: APP_EVENT_FLOWS,
    values: [workspaceId, source.connector, APP_EVENT_TRIGGERS, accounts],
  });
  return rows.map((row) => flowOf(workspaceId, row));
}

/** What is judged before it is known whose events these are. */
export function appTrigger(maxBodyBytes: number | undefined): Trigger {
  const settings = webhookInput.parse(maxBodyBytes === undefined ? {} : { maxBodyBytes });
  return {
    settings,
    source: null,
    connectionSlug: null,
    ranges: [],
    verify: () => false,
    checkBody: null,
    concurrency: undefined,
    businessKey: undefined,
  };
}

function flowOf(workspaceId: string, row: FlowRow): AppEventFlow {
  const trigger = appTrigger(undefined);
  const published: PublishedHook = {
    versionId: row.version_id,
    versionNumber: row.version_number,
    trigger: {
      ...trigger,
      ...readHookSettings(row),
      settings: { ...trigger.settings, onDrift: onDriftIn({ onDrift: row.on_drift ?? 'accept' }) },
    },
    connection: null,
    subscriptions: null,
    learned: row.learned,
  };
  const { token_hash: tokenHash, flow_id: flowId, slug: flowSlug, account_id: account } = row;
  const handler = findAppEventHandler(row.trigger);
  return {
    hook: { tokenHash, workspaceId, flowId, flowSlug, published },
    published,
    wants: (event) => event.accounts.includes(account) && handler?.wants(event, row.settings) === true,
  };
}
