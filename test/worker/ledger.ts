import type { Sink } from '#test/support/sink.ts';

/** One call that reached the far end. */
export interface LedgerCall {
  readonly key: string;
  readonly at: number;
  readonly body: unknown;
}

/** Every call that changed something at the far end, by its idempotency key. */
export function ledgerOf(sink: Sink): ReadonlyMap<string, readonly LedgerCall[]> {
  const byKey = new Map<string, LedgerCall[]>();
  for (const request of sink.requests) {
    const key = String(request.headers['idempotency-key']);
    const call = { key, at: request.at, body: request.json() };
    byKey.set(key, [...(byKey.get(key) ?? []), call]);
  }
  return byKey;
}

/** Calls beyond the first of each key. */
export function repeatsIn(sink: Sink): readonly LedgerCall[] {
  return [...ledgerOf(sink).values()].flatMap((calls) => calls.slice(1));
}
