import type { Shape } from '#core/drift/shape.ts';
import { coalesce } from '#server/ingress/coalesce.ts';
import { ingressPool } from '#server/ingress/ingress-pool.ts';
import {
  forgetConnection,
  signingConnection,
  type SigningConnection,
} from '#server/ingress/signing-connection.ts';
import { clientSecrets } from '#server/ingress/client-secrets.ts';
import { subscriptionSecrets, type SubscriptionSecrets } from '#server/ingress/subscription-secrets.ts';
import { triggerOfVersion, type Trigger } from '#server/ingress/trigger-settings.ts';
import type { TriggerSource } from '#server/ingress/trigger-source.ts';
import { selectBodyShape } from '#server/sql/drift-rows.ts';
import { FIND_HOOKS } from '#server/sql/find-hooks.ts';

/** Where a hook leads. */
export interface Hook {
  readonly tokenHash: string;
  readonly workspaceId: string;
  readonly flowId: string;
  readonly flowSlug: string;
  /** Null while the flow is not published with a trigger that events are sent to. */
  readonly published: PublishedHook | null;
}

export interface PublishedHook {
  readonly versionId: string;
  readonly versionNumber: number;
  readonly trigger: Trigger;
  /** Null when the trigger names none. */
  readonly connection: SigningConnection | null;
  /** Null unless the trigger is a connector's. */
  readonly subscriptions: SubscriptionSecrets | null;
  /** What bodies were learned to look like; null where nothing comes of it, or too little was seen. */
  readonly learned: Shape | null;
}

interface HookRow {
  readonly token_hash: string;
  readonly workspace_id: string;
  readonly flow_id: string;
  readonly slug: string;
  readonly version_id: string | null;
  readonly version_number: number | null;
  /** Who published it: theirs are the connections that it may use. */
  readonly version_user: string | null;
  readonly asked_connection: string | null;
  readonly connection_stamp: string | null;
}

/**
 * A hook may be judged by for so long without looking again. Nothing wrong comes of it: an event is stored only if the hook
 * is still as it was (`storeStatement` checks), and a refusal is given only after a fresh look.
 */
const KEPT_MS = 1_000;
const MAX_KEPT = 10_000;

const kept = new Map<string, { readonly hook: Hook; readonly until: number }>();

/** The hook as it was at most a second ago; undefined when it must be looked up. */
export function rememberedHook(tokenHash: string): Hook | undefined {
  const entry = kept.get(tokenHash);
  return entry && entry.until > performance.now() ? entry.hook : undefined;
}

/** Looks a hook up by the SHA-256 of its token; null when there is none. */
export async function findHook(tokenHash: string): Promise<Hook | null> {
  const row = await lookUp(tokenHash);
  if (!row) {
    kept.delete(tokenHash);
    return null;
  }
  const hook = await hookOf(row);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(tokenHash, { hook, until: performance.now() + KEPT_MS });
  return hook;
}

/** One query at a time, for all hooks that are wanted meanwhile: made-up tokens cannot flood the database. */
const lookUp = coalesce<HookRow>(async (hashes) => {
  const { rows } = await ingressPool().query<HookRow>({
    name: 'ingress_find_hooks',
    text: FIND_HOOKS,
    values: [hashes, hashes.map(connectionUsedLast)],
  });
  return new Map(rows.map((row) => [row.token_hash, row]));
});

function connectionUsedLast(tokenHash: string): string | null {
  return kept.get(tokenHash)?.hook.published?.trigger.connectionSlug ?? null;
}

async function hookOf(row: HookRow): Promise<Hook> {
  const trigger = row.version_id === null ? null : await triggerOfVersion(row.version_id);
  const base = {
    tokenHash: row.token_hash,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    flowSlug: row.slug,
  };
  if (!trigger || row.version_id === null || row.version_number === null) return { ...base, published: null };
  const { version_id: versionId, version_number: versionNumber } = row;
  return {
    ...base,
    published: {
      versionId,
      versionNumber,
      trigger,
      connection: await connectionOf(row, trigger),
      learned:
        trigger.settings.onDrift === 'accept'
          ? null
          : await selectBodyShape(ingressPool(), row.flow_id, versionNumber),
      subscriptions: trigger.source && (await secretsOf(row, trigger.source)),
    },
  };
}

function secretsOf(row: HookRow, { key, connector, delivery }: TriggerSource): Promise<SubscriptionSecrets> {
  if (delivery.signedWith === 'client') return clientSecrets(row.workspace_id, connector);
  return subscriptionSecrets(row.flow_id, key);
}

async function connectionOf(row: HookRow, trigger: Trigger): Promise<SigningConnection | null> {
  if (trigger.connectionSlug === null) return null;
  const opened = await signingConnection(row.workspace_id, trigger.connectionSlug);
  const isStampKnown = row.asked_connection === trigger.connectionSlug;
  if (!isStampKnown || opened.stamp === row.connection_stamp) return asSeenBy(row.version_user, opened);
  forgetConnection(row.workspace_id, trigger.connectionSlug);
  return asSeenBy(row.version_user, await signingConnection(row.workspace_id, trigger.connectionSlug));
}

/** One of another member alone is, to this flow, not there: every check fails. */
function asSeenBy(userId: string | null, connection: SigningConnection): SigningConnection {
  const { onlyFor, stamp } = connection;
  return onlyFor === undefined || onlyFor === userId ? connection : { stamp, fields: {} };
}
