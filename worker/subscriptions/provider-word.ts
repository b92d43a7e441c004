import type { SubscriptionHandler } from '#connectors/trigger-contract.ts';
import { renewalTime } from '#core/subscription-pace.ts';
import type { ProviderWord } from '#server/sql/subscription-rows.ts';

/** How often a subscription is held against what the provider has; a tenth more or less by chance. */
const CHECK_MS = 3_600_000;

/** What a provider said of a subscription, and when something is to be done about it. Times in milliseconds since 1970. */
export function providerWord(
  handler: Pick<SubscriptionHandler, 'renew' | 'list'>,
  {
    now,
    expiresAt,
    renewAt,
    checkedAt = now,
  }: {
    readonly now: number;
    readonly expiresAt: number | undefined;
    /** Kept where the end is the one that was known. */
    readonly renewAt?: number | undefined;
    /** When it was last held against what the provider has. */
    readonly checkedAt?: number | undefined;
  },
): ProviderWord {
  const renewal =
    handler.renew && expiresAt !== undefined
      ? (renewAt ?? renewalTime({ now, expiresAt, random: Math.random() }))
      : Infinity;
  const checking = handler.list ? checkedAt + CHECK_MS * (0.9 + Math.random() * 0.2) : Infinity;
  const due = Math.min(renewal, checking);
  return {
    expiresAt: expiresAt ?? null,
    renewAt: Number.isFinite(renewal) ? renewal : null,
    dueAt: Number.isFinite(due) ? due : null,
  };
}
